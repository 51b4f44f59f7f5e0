package holdfast.console;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Lets a program read its settings again on SIGHUP, which otherwise ends it.
 *
 * <p>The JDK offers signals only in the package sun.misc, which javac warns of whenever it is named; so it is found by name. Where it is not
 * there, SIGHUP ends the program as before.
 */
public final class HangUp {
    private HangUp() {}

    /**
     * Runs the action on each SIGHUP from now on, on a thread of the JVM's.
     *
     * @return whether that is possible here; it is not on Windows
     */
    public static boolean onSignal(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object acting = Proxy.newProxyInstance(
                    HangUp.class.getClassLoader(),
                    new Class<?>[] {handler},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "handle" -> {
                            action.run();
                            yield null;
                        }
                        case "equals" -> arguments != null && arguments.length == 1 && proxy == arguments[0];
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> "HangUp";
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), acting);
            return true;
        } catch (ClassNotFoundException | NoSuchMethodException | InstantiationException e) {
            return false;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }
}
