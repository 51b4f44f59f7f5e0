package holdfast.testing;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Watches for leaks from before the first test class is loaded. Found by JUnit as a service. */
public final class LeakWatch implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        LeakRecord.install();
    }
}
