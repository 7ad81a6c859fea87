package dev.tollbridge.webhook.pod;

import java.util.List;

/// Paths of a node that hold what its system made, and no files of people.
public final class HostPaths {

    public static final List<String> OF_THE_SYSTEM =
            List.of("/sys", "/lib/modules", "/usr/share/zoneinfo", "/etc/localtime");

    private HostPaths() {}

    static boolean holdsNoFilesOfPeople(String path) {
        for (String folder : OF_THE_SYSTEM) {
            boolean within = path.equals(folder) || path.startsWith(folder + "/");
            if (within && !path.contains("..")) {
                return true;
            }
        }
        return false;
    }
}
