package dev.tollbridge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where it was measured.
public final class Machine {

    private Machine() {}

    public static String describe() {
        String model = "unknown processor";
        try {
            for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
                if (line.startsWith("model name")) {
                    model = line.substring(line.indexOf(':') + 2);
                    break;
                }
            }
        } catch (IOException e) {
            // Another system: the name is only for the reader.
        }
        return Runtime.getRuntime().availableProcessors()
                + " processors, "
                + model
                + ", Java "
                + Runtime.version()
                + ", load average "
                + load();
    }

    static String load() {
        try {
            String[] fields = Files.readString(Path.of("/proc/loadavg")).split(" ");
            return String.join(" ", fields[0], fields[1], fields[2]);
        } catch (IOException e) {
            return "unknown";
        }
    }
}
