package holdfast.testing;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class that has left a buffer unreleased. Found by JUnit as a service, so that no class can forget it. */
public final class NoLeaks implements AfterAllCallback {
    @Override
    public void afterAll(ExtensionContext context) {
        if (isNested(context)) {
            return;
        }
        List<String> leaks = LeakRecord.search();
        if (!leaks.isEmpty()) {
            throw new AssertionError(
                    context.getDisplayName() + " left " + leaks.size() + " leaks:\n" + String.join("\n", leaks));
        }
    }

    private static boolean isNested(ExtensionContext context) {
        return context.getParent().flatMap(ExtensionContext::getTestClass).isPresent();
    }
}
