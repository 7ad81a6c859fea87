package dev.tollbridge.bench;

import dev.tollbridge.bench.LoadGenerator.Load;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Runs the benchmark and prints what came of it.
///
/// The servers stand side by side and are loaded in turns, in short windows, so that whatever else
/// the machine does falls on all of them; medians and processor time per exchange are what to look
/// at.
public final class Bench {

    private final Options options;
    private final Path project;
    private final Path work;
    private final SubjectTokens tokens;
    private final PrintStream out = System.out;
    private final TwoColumns table = new TwoColumns(out);

    private Bench(Options options, Path project, Path work, SubjectTokens tokens) {
        this.options = options;
        this.project = project;
        this.work = work;
        this.tokens = tokens;
    }

    /// @param arguments the project's folder, then options
    public static void main(String[] arguments) throws IOException {
        Options options;
        List<String> given = new ArrayList<>(List.of(arguments));
        Path project = Path.of(given.removeFirst()).toAbsolutePath();
        String kind =
                given.isEmpty() || given.getFirst().startsWith("-") ? "" : given.removeFirst();
        Path other = null;
        try {
            if (kind.equals("beside") && !given.isEmpty()) {
                other = Path.of(given.removeFirst()).toAbsolutePath();
            } else if (!kind.isEmpty() && !kind.equals("threads")) {
                throw new IllegalArgumentException("unknown: " + kind);
            }
            options = Options.parse(given.toArray(String[]::new));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "tollbridge", "bench");
        // Beside the build, not in /tmp: that may be memory, where forcing to disk costs nothing.
        Path work = Files.createTempDirectory(project.resolve("bench/target"), "run-");
        try (SubjectTokens tokens = SubjectTokens.of(cache, options.tokens())) {
            Bench bench = new Bench(options, project, work, tokens);
            if (other != null) {
                bench.beside(other);
            } else if (kind.equals("threads")) {
                bench.compareThreads();
            } else {
                bench.run();
            }
        } finally {
            delete(work);
        }
    }

    private void run() throws IOException {
        conditions();
        try (Series few = bridge("ten grants", Workload.GRANTS_THAT_MATCH);
                Series many = bridge("many grants", options.manyGrants());
                Series bare = bare()) {
            inTurns(List.of(few, bare, many));
            table(few, bare, many);
            latency(few, bare);
            memory(few, many);
        }
        starts();
    }

    private void conditions() {
        out.printf("machine: %s%n", Machine.describe());
        out.printf(
                "load: %d connections, one thread; %d windows of %.1f s each in turns after %.1f s of warm-up%n",
                options.connections(), options.rounds(), options.window(), options.warmUp());
    }

    private void inTurns(List<Series> all) throws IOException {
        for (Series series : all) {
            say("warming up: " + series.name());
            series.warmUp(options.warmUp());
        }
        for (int round = 1; round <= options.rounds(); round++) {
            say("round " + round + " of " + options.rounds());
            for (Series series : all) {
                series.window(options.window());
            }
        }
    }

    /// This project's bridge and that of another checkout: what a change has brought.
    private void beside(Path other) throws IOException {
        conditions();
        try (Series here = bridge("here", Workload.GRANTS_THAT_MATCH);
                Series there = bridge("there", Workload.GRANTS_THAT_MATCH, other);
                Series bare = bare()) {
            inTurns(List.of(here, there, bare));
            compared("POST /token, closed loop", here, "here", there, "there");
            compared("POST /token, closed loop", here, "here", bare, "bare loop");
            latency(here, there);
        }
    }

    /// The exchange on the event loop and on a virtual thread, with a ledger that waits for
    /// nothing.
    private void compareThreads() throws IOException {
        conditions();
        try (Series loop = pipeline(PipelineServer.Place.EVENT_LOOP);
                Series thread = pipeline(PipelineServer.Place.VIRTUAL_THREAD)) {
            inTurns(List.of(loop, thread));
            compared(
                    "the exchange, its ledger not waiting",
                    loop,
                    loop.name(),
                    thread,
                    "virt. thread");
        }
    }

    private void compared(String what, Series one, String oneName, Series other, String otherName) {
        out.printf("load average: %s%n%n", Machine.load());
        table.head(what, oneName, otherName);
        table.row("exchanges/s, median window", one.rate(), other.rate(), "%,.0f");
        table.row("exchanges/s, best window", one.bestRate(), other.bestRate(), "%,.0f");
        table.row("server CPU us/exchange, median", one.cpu(), other.cpu(), "%.1f");
        table.row("server CPU us/exchange, least", one.leastCpu(), other.leastCpu(), "%.1f");
        table.latencies(one.latencies(), other.latencies());
    }

    private void table(Series few, Series bare, Series many) {
        compared("POST /token, closed loop", few, "tollbridge", bare, "bare loop");
        out.println();
        table.head("grants", "10", String.format(Locale.ROOT, "%,d", options.manyGrants()));
        table.row("exchanges/s, median window", few.rate(), many.rate(), "%,.0f");
        table.row("server CPU us/exchange, median", few.cpu(), many.cpu(), "%.1f");
        out.println();
    }

    /// At a rate below what was reached, so that what is measured is the wait and not the queue.
    private void latency(Series few, Series bare) throws IOException {
        double rate = options.rate() > 0 ? options.rate() : few.rate() * 0.6;
        double seconds = options.window() * 2;
        Load ours = few.atRate(rate, seconds);
        Load other = bare.atRate(rate, seconds);
        table.head(
                String.format(Locale.ROOT, "at a fixed %,.0f/s (from when due)", rate),
                few.name(),
                bare.name());
        table.latencies(ours.latencies(), other.latencies());
        out.println();
    }

    private void memory(Series few, Series many) throws IOException {
        out.printf(
                Locale.ROOT,
                "memory at its highest: %.0f MiB RSS with 10 grants, %.0f MiB with %,d%n",
                few.server().peakMemory(),
                many.server().peakMemory(),
                options.manyGrants());
        out.printf(
                Locale.ROOT,
                "record: %,.0f bytes of disk per exchange%n",
                (double) size(work.resolve("ten-grants/data/audit")) / few.answered());
    }

    private void starts() throws IOException {
        if (options.starts() == 0) {
            return;
        }
        say("starting it " + options.starts() + " times");
        double plain = start(Map.of("TOLLBRIDGE_AOT", "off"));
        double cached = start(Map.of());
        out.printf(
                Locale.ROOT,
                "start to ready, launcher included, median of %d: %.2f s with the AOT cache%s, %.2f s without%n",
                options.starts(),
                cached,
                Files.exists(project.resolve("bridge/target/lib/tollbridge.aot"))
                        ? ""
                        : " (there is none)",
                plain);
    }

    private double start(Map<String, String> environment) throws IOException {
        Path folder = prepare("start", Workload.GRANTS_THAT_MATCH);
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < options.starts(); i++) {
            try (ServerProcess server = serve(folder, environment)) {
                seconds.add(server.readySeconds());
            }
        }
        delete(folder);
        return Series.median(seconds);
    }

    private Series bridge(String name, int grants) throws IOException {
        return bridge(name, grants, project);
    }

    private Series bridge(String name, int grants, Path checkout) throws IOException {
        say("starting tollbridge with " + grants + " grants");
        ServerProcess server = serve(prepare(name.replace(' ', '-'), grants), Map.of(), checkout);
        return new Series(name, server, generator(server));
    }

    private Path prepare(String name, int grants) throws IOException {
        Path folder = Files.createDirectory(work.resolve(name));
        Path config = Files.createDirectory(folder.resolve("config"));
        Workload.writeDocuments(config, tokens.jwks(), SubjectTokens.LIFETIME_TEXT, grants);
        return folder;
    }

    private ServerProcess serve(Path folder, Map<String, String> environment) throws IOException {
        return serve(folder, environment, project);
    }

    private static ServerProcess serve(Path folder, Map<String, String> environment, Path checkout)
            throws IOException {
        return ServerProcess.start(
                List.of(
                        checkout.resolve("tollbridge").toString(),
                        "serve",
                        "--config",
                        folder.resolve("config").toString(),
                        "--data",
                        folder.resolve("data").toString(),
                        "--listen",
                        "127.0.0.1:0",
                        "--management",
                        "127.0.0.1:0"),
                environment,
                folder.resolve("log.txt"));
    }

    private Series pipeline(PipelineServer.Place place) throws IOException {
        Path folder = prepare(place.words().replace(' ', '-'), Workload.GRANTS_THAT_MATCH);
        ServerProcess server =
                java(
                        PipelineServer.class,
                        folder,
                        place.name(),
                        folder.resolve("config").toString(),
                        folder.resolve("data").toString());
        return new Series(place.words(), server, generator(server).usingTokensAgain());
    }

    private Series bare() throws IOException {
        Path folder = Files.createDirectory(work.resolve("bare"));
        Path keys = Files.writeString(folder.resolve("jwks.json"), tokens.jwks());
        ServerProcess server = java(BareServer.class, folder, keys.toString());
        return new Series("bare loop", server, generator(server).usingTokensAgain());
    }

    private LoadGenerator generator(ServerProcess server) throws IOException {
        return new LoadGenerator(server.address(), options.connections(), tokens);
    }

    /// A server of the benchmark's own, with the flags of the launcher.
    private static ServerProcess java(Class<?> main, Path folder, String... arguments)
            throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-Xms96m",
                                "-Xmx1g",
                                "-Xmn64m",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()));
        command.addAll(List.of(arguments));
        return ServerProcess.start(command, Map.of(), folder.resolve("log.txt"));
    }

    private static void say(String progress) {
        System.err.println(progress);
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).mapToLong(Bench::sizeOf).sum();
        }
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A folder and all that is in it.
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
