package holdfast.itest.harness;

/** How much of a test is done: the short form in the normal build, the long one with {@code -Dholdfast.long=true}. */
public final class Scale {
    private Scale() {}

    public static boolean isLong() {
        return Boolean.getBoolean("holdfast.long");
    }

    public static int of(int normal, int longForm) {
        return isLong() ? longForm : normal;
    }

    /**
     * The figure of this name if {@code -Dholdfast.NAME=...} gives it, else the normal or the long one; so that a single test can be driven further than
     * either.
     */
    public static int of(String name, int normal, int longForm) {
        return Integer.getInteger("holdfast." + name, of(normal, longForm));
    }

    /** The seed of a random test: {@code -Dholdfast.seed=...}, or a new one. It is printed, so that a failure can be run again. */
    public static long seed(String test) {
        Long given = Long.getLong("holdfast.seed");
        long seed = given != null ? given : System.nanoTime();
        System.err.println(test + ": run again with -Dholdfast.seed=" + seed);
        return seed;
    }
}
