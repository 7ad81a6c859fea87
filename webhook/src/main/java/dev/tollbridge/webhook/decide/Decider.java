package dev.tollbridge.webhook.decide;

import dev.tollbridge.webhook.detect.Action;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Decides what is done about each concern: first as if the namespace enforced, then bounded by its
/// mode and by what the object is.
public final class Decider {

    private final Settings settings;
    private final Instant now;

    public Decider(Settings settings, Instant now) {
        this.settings = settings;
        this.now = now;
    }

    /// @param wasThere whether a concern was there before the change that is asked about
    public Ruling rule(Subject subject, List<Concern> concerns, Predicate<Concern> wasThere) {
        Mode mode = settings.mode(subject.namespace());
        return new Ruling(
                subject,
                mode,
                concerns.stream().map(each -> rule(subject, mode, each, wasThere)).toList());
    }

    private Ruled rule(Subject subject, Mode mode, Concern concern, Predicate<Concern> wasThere) {
        Outcome enforced = enforced(concern);
        Exemption exemption = exemption(subject, concern);
        if (exemption != null) {
            return new Ruled(concern, Outcome.EXEMPTED, enforced, exemption);
        }
        // A pod or Secret from before cannot be mended by refusing what controllers and kubelets
        // do to it: its finalizers could never be taken off.
        boolean bearable = subject.template() || wasThere.test(concern);
        Outcome outcome =
                enforced.atMost(bearable ? Outcome.WARNED : Outcome.REFUSED).atMost(cap(mode));
        return new Ruled(concern, outcome, enforced, null);
    }

    private static Outcome cap(Mode mode) {
        return switch (mode) {
            case OFF, AUDIT -> Outcome.RECORDED;
            case WARN -> Outcome.WARNED;
            case ENFORCE -> Outcome.REFUSED;
        };
    }

    private Outcome enforced(Concern concern) {
        return switch (concern) {
            case Concern.Found found ->
                    found.spared()
                            ? Outcome.RECORDED
                            : found.finding().action() == Action.BLOCK
                                    ? Outcome.REFUSED
                                    : Outcome.WARNED;
            case Concern.Unknown _ -> uninspectable();
            case Concern.Opaque opaque ->
                    opaque.onlyRecorded() ? Outcome.RECORDED : uninspectable();
            case Concern.Broken _ -> Outcome.REFUSED;
        };
    }

    private Outcome uninspectable() {
        return switch (settings.uninspectable()) {
            case ALLOW -> Outcome.RECORDED;
            case WARN -> Outcome.WARNED;
            case DENY -> Outcome.REFUSED;
        };
    }

    private @Nullable Exemption exemption(Subject subject, Concern concern) {
        for (Exemption exemption : settings.exemptions()) {
            if (exemption.holds(now) && exemption.covers(subject, concern)) {
                return exemption;
            }
        }
        return null;
    }
}
