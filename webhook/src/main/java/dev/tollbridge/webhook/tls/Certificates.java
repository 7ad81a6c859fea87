package dev.tollbridge.webhook.tls;

import dev.tollbridge.webhook.tls.Authority.Issued;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The webhook's own authority and certificate, and when they are replaced.
///
/// An authority lives a year. After two thirds a successor is made, which is believed (it is in the
/// bundle that API servers are told) for {@link #OVERLAP} before anything it issued is served; then
/// the old one is believed until it ends. So no API server ever sees a certificate of an authority
/// that it has not been told. Server certificates live 90 days and are replaced after 60.
public final class Certificates {

    static final Duration AUTHORITY_LIFE = Duration.ofDays(365);
    static final Duration SERVER_LIFE = Duration.ofDays(90);

    /// Longer than any API server takes to notice a changed configuration.
    static final Duration OVERLAP = Duration.ofHours(1);

    private final Authority current;
    private final @Nullable Authority other;
    private final Issued served;

    /// @param other the successor that is not issued with yet, or the predecessor
    private Certificates(Authority current, @Nullable Authority other, Issued served) {
        this.current = current;
        this.other = other;
        this.served = served;
    }

    /// @param names DNS names and addresses by which it is reached
    public static Certificates create(Instant now, List<String> names) {
        Authority authority = Authority.create(now, AUTHORITY_LIFE);
        return new Certificates(authority, null, authority.issue(now, SERVER_LIFE, names));
    }

    /// What they should be at a moment; the same object where nothing has to change.
    public Certificates at(Instant now, List<String> names) {
        Authority issuing = current;
        Authority second = other;
        if (second != null && second.from().isAfter(current.from())) {
            if (!now.isBefore(second.from().plus(OVERLAP))) {
                issuing = second;
                second = current;
            }
        } else if (now.isAfter(twoThirds(current.from(), current.until()))) {
            second = Authority.create(now, AUTHORITY_LIFE);
        }
        if (second != null && !now.isBefore(second.until())) {
            second = null;
        }
        boolean serve = issuing != current || now.isAfter(twoThirds(served.from(), served.until()));
        Issued next = serve ? issuing.issue(now, SERVER_LIFE, names) : served;
        return issuing == current && second == other && !serve
                ? this
                : new Certificates(issuing, second, next);
    }

    private static Instant twoThirds(Instant from, Instant until) {
        return from.plus(Duration.between(from, until).multipliedBy(2).dividedBy(3));
    }

    public Issued served() {
        return served;
    }

    /// What API servers have to believe.
    public String bundlePem() {
        return current.certificatePem() + (other == null ? "" : other.certificatePem());
    }

    /// To be kept in a Secret that replicas share.
    public Map<String, String> kept() {
        Map<String, String> kept = new LinkedHashMap<>();
        kept.put("ca.crt", current.certificatePem());
        kept.put("ca.key", current.keyPem());
        if (other != null) {
            kept.put("other-ca.crt", other.certificatePem());
            kept.put("other-ca.key", other.keyPem());
        }
        kept.put("tls.crt", served.chainPem());
        kept.put("tls.key", served.privateKeyPem());
        return kept;
    }

    /// @throws IllegalArgumentException when it is not what was kept
    public static Certificates of(Map<String, String> kept) {
        String otherCertificate = kept.get("other-ca.crt");
        Authority current = Authority.load(text(kept, "ca.crt"), text(kept, "ca.key"));
        return new Certificates(
                current,
                otherCertificate == null
                        ? null
                        : Authority.load(otherCertificate, text(kept, "other-ca.key")),
                Issued.of(text(kept, "tls.crt"), text(kept, "tls.key")));
    }

    private static String text(Map<String, String> kept, String name) {
        String text = kept.get(name);
        if (text == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return text;
    }
}
