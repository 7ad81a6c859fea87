package dev.tollbridge.webhook.registration;

import dev.tollbridge.webhook.decide.Mode;
import dev.tollbridge.webhook.decide.Settings;
import dev.tollbridge.webhook.decide.Settings.NamespaceRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/// The settings' modes as CEL over `request.namespace`: the same order as {@link Settings#mode}.
final class NamespaceConditions {

    private final Settings settings;

    NamespaceConditions(Settings settings) {
        this.settings = settings;
    }

    /// True in namespaces whose mode fits. Trivial and null-safe: every request that is matched has
    /// a namespace, and no condition looks at an object that may be absent.
    String where(Predicate<Mode> mode) {
        String anywhere = chain(mode);
        String within = chain(written -> mode.test(written == Mode.ENFORCE ? Mode.WARN : written));
        if (anywhere.equals(within)) {
            return anywhere;
        }
        List<String> cluster = settings.protectedNamespaces().stream().sorted().toList();
        return "request.namespace in " + list(cluster) + " ? (" + within + ") : (" + anywhere + ")";
    }

    /// @param mode of a mode as it is written in the settings
    private String chain(Predicate<Mode> mode) {
        StringBuilder cel = new StringBuilder();
        names(cel, mode, true);
        names(cel, mode, false);
        for (NamespaceRule rule : settings.namespaces()) {
            if (rule.glob() != null) {
                cel.append("request.namespace.matches(")
                        .append(quoted(regex(rule.glob())))
                        .append(") ? ")
                        .append(mode.test(rule.mode()))
                        .append(" : ");
            }
        }
        return cel.append(mode.test(settings.defaultMode())).toString();
    }

    private void names(StringBuilder cel, Predicate<Mode> mode, boolean fits) {
        List<String> names = new ArrayList<>();
        for (NamespaceRule rule : settings.namespaces()) {
            // The first rule that names a namespace is the one that counts.
            if (rule.name() != null && isFirst(rule) && mode.test(rule.mode()) == fits) {
                names.add(rule.name());
            }
        }
        if (!names.isEmpty()) {
            cel.append("request.namespace in ")
                    .append(list(names))
                    .append(" ? ")
                    .append(fits)
                    .append(" : ");
        }
    }

    private boolean isFirst(NamespaceRule rule) {
        for (NamespaceRule other : settings.namespaces()) {
            if (rule.name() != null && rule.name().equals(other.name())) {
                return other.equals(rule);
            }
        }
        return true;
    }

    static String list(Collection<String> names) {
        List<String> quoted = names.stream().map(NamespaceConditions::quoted).toList();
        return "[" + String.join(", ", quoted) + "]";
    }

    static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /// RE2, as CEL has it.
    private static String regex(String glob) {
        StringBuilder regex = new StringBuilder("^");
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (c == '*') {
                regex.append(".*");
            } else if (Character.isLetterOrDigit(c) || c == '-') {
                regex.append(c);
            } else {
                regex.append('\\').append(c);
            }
        }
        return regex.append('$').toString();
    }
}
