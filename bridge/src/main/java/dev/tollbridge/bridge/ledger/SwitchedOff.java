package dev.tollbridge.bridge.ledger;

import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The kill switches that are on (DESIGN 14, rule 3), in the form reserve looks at them and in the
/// form the record keeps.
public final class SwitchedOff {

    private final Set<String> issuers = new HashSet<>();
    private final Set<String> grants = new HashSet<>();
    private final Set<String> targets = new HashSet<>();
    private final List<KillSwitch> subjects = new ArrayList<>();
    private final String text;

    private SwitchedOff(Set<KillSwitch> switches) {
        TreeSet<String> lines = new TreeSet<>();
        for (KillSwitch off : switches) {
            switch (off.kind()) {
                case ISSUER -> issuers.add(off.name());
                case GRANT -> grants.add(off.name());
                case TARGET -> targets.add(off.name());
                case SUBJECT -> subjects.add(off);
            }
            lines.add(off.kind() + " " + off.name());
        }
        text = String.join("\n", lines);
    }

    public static SwitchedOff of(Set<KillSwitch> switches) {
        return new SwitchedOff(switches);
    }

    /// @param text as {@link #text} gave it; null: nothing
    public static SwitchedOff parse(@Nullable String text) {
        Set<KillSwitch> switches = new HashSet<>();
        if (text != null && !text.isEmpty()) {
            for (String line : text.split("\n", -1)) {
                int space = line.indexOf(' ');
                switches.add(
                        new KillSwitch(
                                KillSwitch.Kind.valueOf(line.substring(0, space)),
                                line.substring(space + 1)));
            }
        }
        return new SwitchedOff(switches);
    }

    /// One line each, sorted: kind, a space, name.
    public String text() {
        return text;
    }

    /// @throws Refusal as if what is switched off did not exist
    public void refuse(Issuance issuance) {
        if (text.isEmpty()) {
            return;
        }
        if (issuers.contains(issuance.issuer())) {
            throw new Refusal(RefusalReason.ISSUER_UNKNOWN, "the issuer is switched off");
        }
        for (KillSwitch subject : subjects) {
            if (issuance.named().test(subject)) {
                throw new Refusal(RefusalReason.SUBJECT_DISABLED, "the subject is denied");
            }
        }
        if (grants.contains(issuance.grant())) {
            throw new Refusal(RefusalReason.GRANT_MISSING, "the grant is switched off");
        }
        if (targets.contains(issuance.target())) {
            throw new Refusal(RefusalReason.GRANT_MISSING, "the target is switched off");
        }
    }
}
