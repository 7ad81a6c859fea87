package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.TakenAway;
import dev.tollbridge.bridge.config.TakenAway.Away;
import dev.tollbridge.bridge.ledger.KillSwitch;
import dev.tollbridge.bridge.ledger.Ledger;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Tells the ledger what configuration took away, so that it holds inside reserve and on every
/// replica that shares the ledger (DESIGN 14, rule 3).
///
/// A name stays switched off until a configuration gives it back: a grant that is deleted and made
/// again under its name starts anew, one that is merely missing does not.
final class KillSwitches {

    private final Ledger ledger;
    private final Set<Away> away = new HashSet<>();

    KillSwitches(Ledger ledger) {
        this.ledger = ledger;
    }

    synchronized void changed(Documents before, Documents after) {
        away.removeAll(TakenAway.givenBack(before, after));
        away.addAll(TakenAway.between(before, after));
        // Also when nothing changed here: the ledger may remember switches of an earlier process
        // that the configuration has given back since.
        ledger.switchedOff(away.stream().map(KillSwitches::named).collect(Collectors.toSet()));
    }

    private static KillSwitch named(Away gone) {
        if (gone.denied() != null) {
            return new KillSwitch(
                    KillSwitch.Kind.SUBJECT,
                    gone.name() + " " + oneLine(new TreeMap<>(gone.denied()).toString()));
        }
        KillSwitch.Kind kind =
                switch (gone.kind()) {
                    case TRUSTED_ISSUER -> KillSwitch.Kind.ISSUER;
                    case TARGET -> KillSwitch.Kind.TARGET;
                    case GRANT -> KillSwitch.Kind.GRANT;
                    case EXEMPTION, ADMISSION_SETTINGS ->
                            throw new IllegalArgumentException(gone + " is no kill switch");
                };
        return new KillSwitch(kind, gone.name());
    }

    /// The ledger keeps one switch per line.
    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)) {
                line.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                line.append(c);
            }
        }
        return line.toString();
    }
}
