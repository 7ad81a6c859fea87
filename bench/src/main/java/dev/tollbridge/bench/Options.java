package dev.tollbridge.bench;

/// How long and how much.
///
/// @param rounds windows of each server, taken in turns
/// @param window seconds
/// @param warmUp seconds of load before the first window, for each server
/// @param connections that stay open
/// @param tokens signed ahead; each is used once per server
/// @param manyGrants of the configuration that is compared with the one of ten
/// @param starts of the server for the time to ready
/// @param rate requests a second while latency is measured; 0: six tenths of what was reached
record Options(
        int rounds,
        double window,
        double warmUp,
        int connections,
        int tokens,
        int manyGrants,
        int starts,
        double rate) {

    static final String USAGE =
            """
            bench/run [--quick] [--rounds N] [--window SECONDS] [--warm-up SECONDS]
                      [--connections N] [--tokens N] [--grants N] [--starts N] [--rate N]
            bench/run parts [JMH options]    the parts of an exchange one by one
            bench/run threads [options]      the exchange on the event loop and on a virtual thread
            bench/run provider               exchanges at a provider that answers in 50 ms
            """;

    private static final Options FULL = new Options(5, 2, 14, 48, 400_000, 100_000, 5, 0);
    private static final Options QUICK = new Options(2, 1, 2, 48, 80_000, 2_000, 1, 0);

    static Options parse(String[] arguments) {
        Options options = FULL;
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--quick")) {
                options = QUICK;
            } else if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + "\n" + USAGE);
            } else {
                options = options.with(arguments[i], arguments[++i]);
            }
        }
        return options;
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "--rounds" ->
                    new Options(
                            number(value),
                            window,
                            warmUp,
                            connections,
                            tokens,
                            manyGrants,
                            starts,
                            rate);
            case "--window" ->
                    new Options(
                            rounds,
                            Double.parseDouble(value),
                            warmUp,
                            connections,
                            tokens,
                            manyGrants,
                            starts,
                            rate);
            case "--warm-up" ->
                    new Options(
                            rounds,
                            window,
                            Double.parseDouble(value),
                            connections,
                            tokens,
                            manyGrants,
                            starts,
                            rate);
            case "--connections" ->
                    new Options(
                            rounds,
                            window,
                            warmUp,
                            number(value),
                            tokens,
                            manyGrants,
                            starts,
                            rate);
            case "--tokens" ->
                    new Options(
                            rounds,
                            window,
                            warmUp,
                            connections,
                            number(value),
                            manyGrants,
                            starts,
                            rate);
            case "--grants" ->
                    new Options(
                            rounds,
                            window,
                            warmUp,
                            connections,
                            tokens,
                            number(value),
                            starts,
                            rate);
            case "--starts" ->
                    new Options(
                            rounds,
                            window,
                            warmUp,
                            connections,
                            tokens,
                            manyGrants,
                            number(value),
                            rate);
            case "--rate" ->
                    new Options(
                            rounds,
                            window,
                            warmUp,
                            connections,
                            tokens,
                            manyGrants,
                            starts,
                            Double.parseDouble(value));
            default -> throw new IllegalArgumentException(name + "\n" + USAGE);
        };
    }

    private static int number(String value) {
        return Integer.parseInt(value);
    }
}
