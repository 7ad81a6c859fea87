package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.Format.Invalid;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The formats that are not of one cloud.
final class Checks {

    /// Conditions and session policies are the longest texts that make sense.
    static final int MAX_TEXT = 16 * 1024;

    private static final int MAX_LINE = 2048;
    private static final int MAX_ISSUER = 512;
    private static final Duration MAX_DURATION = Duration.ofDays(366);
    private static final String DURATION_EXAMPLE = "write it like 90s, 15m or 1h30m";

    private Checks() {}

    static String text(String written) throws Invalid {
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (Character.isISOControl(c) && c != '\n' && c != '\t') {
                throw new Invalid("holds a control character", null);
            }
        }
        if (written.isBlank()) {
            throw new Invalid("must not be blank", null);
        }
        return written;
    }

    static String line(String written) throws Invalid {
        if (written.length() > MAX_LINE) {
            throw new Invalid("longer than " + MAX_LINE + " characters", null);
        }
        for (int i = 0; i < written.length(); i++) {
            if (Character.isISOControl(written.charAt(i))) {
                throw new Invalid("holds a line end or another control character", null);
            }
        }
        if (written.isBlank()
                || written.charAt(0) == ' '
                || written.charAt(written.length() - 1) == ' ') {
            throw new Invalid("must neither be blank nor start or end with a space", null);
        }
        return written;
    }

    static String path(String written) throws Invalid {
        return line(written);
    }

    static String label(String written) throws Invalid {
        if (written.length() > 63 || !isLabel(written)) {
            throw new Invalid(
                    Problems.quoted(written)
                            + " is not a name: lower-case letters, digits and '-', at most 63"
                            + " characters",
                    nameSuggestion(written, 63));
        }
        return written;
    }

    static String name(String written) throws Invalid {
        boolean sound = written.length() <= 253;
        for (String part : written.split("\\.", -1)) {
            sound &= isLabel(part);
        }
        if (!sound) {
            throw new Invalid(
                    Problems.quoted(written)
                            + " is not a name: lower-case letters, digits, '-' and '.', at most"
                            + " 253 characters",
                    nameSuggestion(written, 253));
        }
        return written;
    }

    private static @Nullable String nameSuggestion(String written, int max) {
        String candidate = written.toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
        return candidate.length() <= max && isLabel(candidate) ? "write " + candidate : null;
    }

    private static boolean isLabel(String text) {
        int last = text.length() - 1;
        if (last < 0 || last >= 63 || text.charAt(0) == '-' || text.charAt(last) == '-') {
            return false;
        }
        for (int i = 0; i <= last; i++) {
            char c = text.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
                return false;
            }
        }
        return true;
    }

    static String count(String written) throws Invalid {
        if (written.length() > 4 || !consistsOf(written, "")) {
            throw new Invalid("is a number from 0 to 1000", "5");
        }
        int count = Integer.parseInt(written);
        if (count > 1000) {
            throw new Invalid("is a number from 0 to 1000", "1000");
        }
        return Integer.toString(count);
    }

    static String identifier(String written) throws Invalid {
        if (written.length() > 128
                || !consistsOf(written, "._-")
                || ".-".indexOf(written.charAt(0)) >= 0) {
            throw new Invalid(
                    Problems.quoted(written) + " must consist of letters, digits, '.', '_' and '-'",
                    null);
        }
        return written;
    }

    static String repository(String written) throws Invalid {
        if (written.indexOf('/') >= 0) {
            throw new Invalid(
                    "a repository is named without its owner",
                    "write " + written.substring(written.lastIndexOf('/') + 1));
        }
        if (written.length() > 100 || !consistsOf(written, "._-")) {
            throw new Invalid(Problems.quoted(written) + " is not a repository's name", null);
        }
        return written;
    }

    static String ruleId(String written) throws Invalid {
        if (written.equals("*")) {
            throw new Invalid(
                    "'*' would accept dangers nobody has looked at", "name each rule by its id");
        }
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
                throw new Invalid(Problems.quoted(written) + " is not a rule's id", null);
            }
        }
        return written;
    }

    /// ASCII letters and digits, and what else is named.
    static boolean consistsOf(String text, String others) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!((c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || others.indexOf(c) >= 0)) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static String scope(String written) throws Invalid {
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c == ' ') {
                throw new Invalid(
                        Problems.quoted(written) + " holds a space: one scope per entry",
                        "write [" + written.trim().replaceAll("\\s+", ", ") + "]");
            }
            if (c < '!' || c > '~' || c == '"' || c == '\\') {
                throw new Invalid(
                        Problems.quoted(written)
                                + " holds a character that scopes may not have (RFC 6749 section"
                                + " 3.3)",
                        null);
            }
        }
        if (written.length() > 256) {
            throw new Invalid("a scope of more than 256 characters", null);
        }
        return written;
    }

    /// OpenID Connect Discovery 1.0 section 2 (no query, no fragment), and nothing that two readers
    /// could understand differently.
    static String issuerUrl(String written) throws Invalid {
        if (written.length() > MAX_ISSUER) {
            throw new Invalid("longer than " + MAX_ISSUER + " characters", null);
        }
        URI uri = https(written);
        if (uri.getRawQuery() != null) {
            throw new Invalid("an issuer's URL has no query", null);
        }
        return written;
    }

    static String httpsUrl(String written) throws Invalid {
        https(written);
        return written;
    }

    /// Where a provider is asked. An emulator on this machine may be without TLS; whether it is
    /// asked at all is the decision of whoever starts the bridge.
    static String endpointUrl(String written) throws Invalid {
        URI uri = uri(written);
        boolean local =
                "http".equals(uri.getScheme())
                        && uri.getHost() != null
                        && List.of("localhost", "127.0.0.1", "[::1]").contains(uri.getHost());
        if (local) {
            host(uri, written);
        } else {
            https(written);
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new Invalid("an endpoint's URL has neither query nor fragment", null);
        }
        return written;
    }

    private static URI https(String written) throws Invalid {
        URI uri = uri(written);
        if ("http".equalsIgnoreCase(uri.getScheme())) {
            throw new Invalid(
                    "http is refused: whoever sits between could answer",
                    "write https" + written.substring(4));
        }
        if (!"https".equals(uri.getScheme())) {
            throw new Invalid(Problems.quoted(written) + " is not an https URL", null);
        }
        return host(uri, written);
    }

    private static URI host(URI uri, String written) throws Invalid {
        if (uri.getHost() == null) {
            throw new Invalid(Problems.quoted(written) + " names no host", null);
        }
        if (uri.getRawUserInfo() != null) {
            throw new Invalid("a URL must not hold a user name or password", null);
        }
        if (uri.getPort() == 0 || uri.getPort() > 65535) {
            throw new Invalid("a port from 1 to 65535", null);
        }
        return uri;
    }

    static String resourceUri(String written) throws Invalid {
        if (!uri(written).isAbsolute()) {
            throw new Invalid(
                    Problems.quoted(written) + " is not an absolute URI (RFC 8707)",
                    "start with a scheme, as in https://api.example or urn:example:api");
        }
        return written;
    }

    private static URI uri(String written) throws Invalid {
        if (written.length() > MAX_LINE) {
            throw new Invalid("longer than " + MAX_LINE + " characters", null);
        }
        URI uri;
        try {
            uri = new URI(written);
        } catch (URISyntaxException e) {
            throw new Invalid(Problems.quoted(written) + " is not a URI", null);
        }
        if (uri.getRawFragment() != null) {
            throw new Invalid("must not have a fragment ('#...')", null);
        }
        return uri;
    }

    static LocalDate date(String written) throws Invalid {
        try {
            if (written.length() == 10) {
                return LocalDate.parse(written);
            }
        } catch (DateTimeException e) {
            // said below
        }
        throw new Invalid(
                Problems.quoted(written) + " is not a day of the calendar",
                "write it like 2027-06-30");
    }

    /// Whole days, hours, minutes and seconds, each at most once and in this order. May be zero;
    /// the schema says where.
    static Duration duration(String written) throws Invalid {
        Duration sum = Duration.ZERO;
        String units = "dhms";
        int next = 0;
        int at = 0;
        while (at < written.length()) {
            int end = at;
            while (end < written.length()
                    && written.charAt(end) >= '0'
                    && written.charAt(end) <= '9') {
                end++;
            }
            int unit = end < written.length() ? units.indexOf(written.charAt(end), next) : -1;
            if (end == at || end - at > 9 || unit < 0) {
                throw new Invalid(
                        Problems.quoted(written) + " is not a duration", DURATION_EXAMPLE);
            }
            long amount = Long.parseLong(written.substring(at, end));
            sum = sum.plusSeconds(amount * secondsOf(units.charAt(unit)));
            next = unit + 1;
            at = end + 1;
        }
        if (sum.compareTo(MAX_DURATION) > 0) {
            throw new Invalid(Problems.quoted(written) + " is more than 366 days", null);
        }
        return sum;
    }

    private static long secondsOf(char unit) {
        return switch (unit) {
            case 'd' -> 86_400;
            case 'h' -> 3_600;
            case 'm' -> 60;
            default -> 1;
        };
    }
}
