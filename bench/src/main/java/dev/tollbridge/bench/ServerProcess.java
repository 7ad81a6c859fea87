package dev.tollbridge.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A server in a process of its own, and what the kernel says of it.
public final class ServerProcess implements AutoCloseable {

    /// Linux counts processor time in hundredths of a second.
    private static final double TICKS_PER_SECOND = 100;

    private final Process process;
    private final BufferedReader out;
    private final InetSocketAddress address;
    private final double readySeconds;

    private ServerProcess(
            Process process, BufferedReader out, InetSocketAddress address, double readySeconds) {
        this.process = process;
        this.out = out;
        this.address = address;
        this.readySeconds = readySeconds;
    }

    /// Starts a command and waits for its line `ready url=...`.
    ///
    /// @param log where its standard error goes
    public static ServerProcess start(
            List<String> command, Map<String, String> environment, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().putAll(environment);
        long began = System.nanoTime();
        Process process = builder.start();
        BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.startsWith("ready url=")) {
            line = out.readLine();
        }
        if (line == null) {
            process.destroy();
            throw new IOException(
                    "it did not get ready: " + command + "\n" + Files.readString(log));
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        URI url = URI.create(line.substring("ready url=".length()).split(" ", 2)[0]);
        return new ServerProcess(
                process, out, new InetSocketAddress(url.getHost(), url.getPort()), seconds);
    }

    public InetSocketAddress address() {
        return address;
    }

    /// From the start of the process (the launcher included) to its line.
    public double readySeconds() {
        return readySeconds;
    }

    /// Processor time so far, user and system, of all its threads.
    public double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        // The second field is the command's name and may hold anything but a closing bracket.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /// Resident memory at its highest so far, in MiB.
    public double peakMemory() throws IOException {
        return status("VmHWM:");
    }

    /// Resident memory now, in MiB.
    double memory() throws IOException {
        return status("VmRSS:");
    }

    private double status(String name) throws IOException {
        for (String line :
                Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        return 0;
    }

    long pid() {
        return process.pid();
    }

    /// SIGTERM, and its end.
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        out.close();
    }
}
