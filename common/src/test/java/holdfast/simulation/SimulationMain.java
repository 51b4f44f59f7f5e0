package holdfast.simulation;

/** The simulation from the command line; {@code scripts/simulate} starts it. */
public final class SimulationMain {
    private SimulationMain() {}

    /** {@code seed S}: replays one. {@code seeds FIRST COUNT THREADS}: plays many. */
    public static void main(String[] args) {
        if (args.length == 2 && args[0].equals("seed")) {
            System.exit(Seeds.replay(Long.parseLong(args[1]), System.out) ? 0 : 1);
        }
        long start = System.nanoTime();
        Seeds seeds = new Seeds(Long.parseLong(args[1]), Long.parseLong(args[2]));
        var failures = seeds.play(Integer.parseInt(args[3]));
        failures.forEach(System.out::println);
        System.out.printf(
                "%s in %.1f s: %s%n",
                seeds.summary(),
                (System.nanoTime() - start) / 1e9,
                failures.isEmpty() ? "all pass" : failures.size() + " fail");
        System.exit(failures.isEmpty() ? 0 : 1);
    }
}
