package dev.tollbridge.webhook.scan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/// Findings that are known: a report of an earlier scan, as JSON or SARIF. The fingerprints of both
/// scans are made under the key that stands in it, so a new login in an old place is still new.
public final class Baseline {

    private static final int KEY_DIGITS = 64;

    private final String fingerprintKey;
    private final Set<String> known;

    private Baseline(String fingerprintKey, Set<String> known) {
        this.fingerprintKey = fingerprintKey;
        this.known = known;
    }

    /// @param fingerprintKey fresh, hexadecimal
    public static Baseline none(String fingerprintKey) {
        return new Baseline(fingerprintKey, Set.of());
    }

    /// @throws IllegalArgumentException when it is no report of a scan, with words for people
    public static Baseline read(byte[] report) {
        try {
            JsonNode root = new ObjectMapper().readTree(report);
            Set<String> known = new HashSet<>();
            JsonNode run = root.path("runs").path(0);
            boolean sarif = !run.isMissingNode();
            String key =
                    sarif
                            ? run.path("properties").path(Report.KEY).asText("")
                            : root.path(Report.KEY).asText("");
            for (JsonNode result : sarif ? run.path("results") : root.path("findings")) {
                known.add(
                        sarif
                                ? identity(
                                        result.path("ruleId").asText(),
                                        result.path("fingerprints").path(Report.VALUE).asText())
                                : identity(
                                        result.path("detector").asText(),
                                        result.path("fingerprint").asText()));
            }
            if (!key.matches("[0-9a-f]{" + KEY_DIGITS + "}")) {
                throw new IllegalArgumentException(
                        "is not a report of `tollbridge scan --output json` or `sarif`");
            }
            return new Baseline(key, known);
        } catch (IOException e) {
            throw new IllegalArgumentException("is not JSON");
        }
    }

    public String fingerprintKey() {
        return fingerprintKey;
    }

    boolean knows(Located located) {
        return known.contains(
                identity(located.finding().detector(), located.finding().fingerprint()));
    }

    private static String identity(String detector, String fingerprint) {
        return detector + " " + fingerprint;
    }
}
