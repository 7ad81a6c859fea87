package dev.tollbridge.bench.scan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program that ran to its end, and what it took.
///
/// @param cpuSeconds user and system, of all its threads, by the kernel's count; up to 50 ms too
///   little, which is how often it is asked
/// @param memory resident at its highest, in MiB
record Measured(int exit, double seconds, double cpuSeconds, double memory) {

    private static final double TICKS_PER_SECOND = 100;

    /// @param out where its standard output goes
    static Measured run(List<String> command, Path out) throws IOException {
        long began = System.nanoTime();
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        double cpu = 0;
        double memory = 0;
        try {
            while (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
                cpu = Math.max(cpu, cpu(process.pid()));
                memory = Math.max(memory, memory(process.pid()));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        return new Measured(process.exitValue(), (System.nanoTime() - began) / 1e9, cpu, memory);
    }

    private static double cpu(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
        } catch (IOException e) {
            // It has just ended.
            return 0;
        }
    }

    private static double memory(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
                }
            }
        } catch (IOException e) {
            // It has just ended.
        }
        return 0;
    }
}
