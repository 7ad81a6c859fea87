package dev.tollbridge.bench;

import dev.tollbridge.bench.LoadGenerator.Load;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The windows of one server, and what they say together.
final class Series implements AutoCloseable {

    private final String name;
    private final ServerProcess server;
    private final LoadGenerator generator;
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> cpu = new ArrayList<>();
    private final Latencies latencies = new Latencies();
    private long answered;

    Series(String name, ServerProcess server, LoadGenerator generator) {
        this.name = name;
        this.server = server;
        this.generator = generator;
    }

    String name() {
        return name;
    }

    ServerProcess server() {
        return server;
    }

    /// Load that is not counted.
    void warmUp(double seconds) throws IOException {
        check(generator.closedLoop(seconds));
    }

    void window(double seconds) throws IOException {
        double before = server.cpuSeconds();
        Load load = generator.closedLoop(seconds);
        check(load);
        rates.add(load.rate());
        cpu.add((server.cpuSeconds() - before) * 1e6 / load.answered());
        latencies.addAll(load.latencies());
    }

    Load atRate(double rate, double seconds) throws IOException {
        Load load = generator.fixedRate(rate, seconds);
        check(load);
        return load;
    }

    private void check(Load load) throws IOException {
        answered += load.answered();
        if (load.failed() > 0) {
            throw new IOException(
                    name
                            + ": "
                            + load.failed()
                            + " answers were not 200, such as "
                            + load.firstFailure());
        }
        if (load.answered() == 0) {
            throw new IOException(name + ": no tokens are left; sign more with --tokens");
        }
    }

    /// All exchanges so far, those of the warm-up too.
    long answered() {
        return answered;
    }

    /// Per second, the window in the middle.
    double rate() {
        return median(rates);
    }

    double bestRate() {
        return rates.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }

    /// Microseconds of the server's processor time per exchange, the window in the middle.
    double cpu() {
        return median(cpu);
    }

    double leastCpu() {
        return cpu.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    }

    Latencies latencies() {
        return latencies;
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int size = sorted.size();
        return size == 0 ? 0 : (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
    }

    @Override
    public void close() throws IOException {
        generator.close();
        server.close();
    }
}
