package dev.tollbridge.bridge.token;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.Template;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.refusal.Refusal;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Reads a verified token as a workload's identity.
///
/// The subject is `<trusted issuer>:` and the preset's stable subject; without a preset, `sub`.
/// Different workloads have different subjects:
/// - a stable subject made of several claims has `%`, `:` and everything outside printable ASCII in
///   a value as `%XX` (of its UTF-8 bytes), so that a value cannot end early and go on as another
///   claim; one made of a single claim has nothing to go on as, and keeps the value as it is;
/// - a subject of more than 255 characters (AWS takes no longer `sub`) or with anything outside
///   printable ASCII (which some systems fold or normalise when they compare) becomes `<trusted
///   issuer>:sha256:` and 64 hexadecimal digits of the whole. So does one that begins with
///   `sha256:`, lest a claim imitate a hash.
public final class IdentityReader {

    static final int MAX_SUBJECT = 255;
    private static final int MAX_CLAIM_TEXT = 1024;
    private static final String HASHED = "sha256:";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private record Reading(
            String prefix, Template subject, UnaryOperator<String> escape, List<String> claims) {}

    /// By identity, as long as the configuration that made the issuer is in use.
    private final LoadingCache<TrustedIssuer, Reading> readings =
            Caffeine.newBuilder().weakKeys().build(IdentityReader::reading);

    private static Reading reading(TrustedIssuer issuer) {
        String stable = issuer.stableSubject();
        Template subject = Template.parse(stable == null ? "{{sub}}" : stable);
        return new Reading(
                issuer.name() + ":",
                subject,
                subject.placeholders() == 1 ? UnaryOperator.identity() : IdentityReader::escaped,
                issuer.identifyingClaims());
    }

    /// @throws Refusal `claim_malformed` when a claim that the subject is made of is missing,
    ///   empty, or neither a string, an integer nor a boolean
    public WorkloadIdentity read(VerifiedToken token) {
        Reading reading = readings.get(token.issuer());
        String stable = reading.subject.fill(token.claims(), reading.escape);
        return new WorkloadIdentity(
                token,
                reading.prefix + bounded(stable, MAX_SUBJECT - reading.prefix.length()),
                texts(token.claims(), reading.claims));
    }

    private static String bounded(String stable, int room) {
        if (stable.length() <= room && !stable.startsWith(HASHED) && plain(stable)) {
            return stable;
        }
        return HASHED + Digest.hex(stable);
    }

    private static boolean plain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    static String escaped(String value) {
        int i = 0;
        while (i < value.length() && unreserved(value.charAt(i))) {
            i++;
        }
        if (i == value.length()) {
            return value;
        }
        StringBuilder escaped = new StringBuilder(value.length() + 16).append(value, 0, i);
        for (byte b : Digest.utf8(value.substring(i))) {
            if (b > 0 && unreserved((char) b)) {
                escaped.append((char) b);
            } else {
                escaped.append('%').append(HEX.toHexDigits(b));
            }
        }
        return escaped.toString();
    }

    private static boolean unreserved(char c) {
        return c > ' ' && c <= '~' && c != '%' && c != ':';
    }

    private static Map<String, String> texts(Claims claims, List<String> names) {
        Map<String, String> texts = LinkedHashMap.newLinkedHashMap(names.size());
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            @Nullable String text = Template.textOf(claims.at(name));
            if (text != null) {
                texts.put(name, text.length() <= MAX_CLAIM_TEXT ? text : cut(text));
            }
        }
        return Collections.unmodifiableMap(texts);
    }

    /// For people who read the record; nothing is decided on it.
    private static String cut(String text) {
        return text.substring(0, MAX_CLAIM_TEXT) + "...";
    }
}
