package dev.tollbridge.webhook.detect.rule;

import dev.tollbridge.webhook.detect.Action;
import dev.tollbridge.webhook.detect.Advice;
import dev.tollbridge.webhook.detect.Confidence;
import dev.tollbridge.webhook.detect.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One entry of the catalogue.
///
/// @param rank of several detectors that see the same value the highest reports; the others agree
/// @param names file names and keys, as globs: a further sign, or needed where `nameRequired`
/// @param paths where tools keep it, for people
/// @param anchors words of which one must be in the text; in lower case
/// @param pivot the name a mapping has when the rules are tried on it; null for whole documents
/// @param required all must hold
/// @param any one must hold, if there are any
/// @param token ways to the values that are the credential, the first that leads somewhere
/// @param covers further members of that mapping that belong to the same login
/// @param value the form of the value; for PREFIX its whole text
/// @param shape a form that is a further sign
/// @param exclude a form that makes it something else
/// @param podAction what a container's command or mount gets, where it differs
/// @param neighbours what looks like it and is not
/// @param source what it was learnt from
public record Detector(
        String id,
        String tool,
        Kind kind,
        int rank,
        List<String> names,
        List<Pattern> namePatterns,
        boolean nameRequired,
        boolean sqlite,
        List<String> paths,
        List<String> anchors,
        @Nullable String pivot,
        List<FieldRule> required,
        List<FieldRule> any,
        List<FieldPath> token,
        List<String> covers,
        @Nullable Pattern value,
        @Nullable Pattern shape,
        @Nullable Pattern exclude,
        List<Pattern> variables,
        List<Command> commands,
        Verdict verdict,
        List<Evidence> evidence,
        Action action,
        Action podAction,
        Confidence confidence,
        String provenance,
        Advice advice,
        List<String> neighbours,
        String source) {

    /// Whether the last part of the name is one that the tool gives.
    public boolean named(String name) {
        int slash = name.lastIndexOf('/');
        String last = slash < 0 ? name : name.substring(slash + 1);
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equals(last) || namePatterns.get(i).matcher(last).matches()) {
                return true;
            }
        }
        return false;
    }

    /// Whether a member of the mapping that matched belongs to the login.
    public boolean covered(String member) {
        return covers.contains(member)
                || required.stream().anyMatch(rule -> member.equals(rule.path().firstName()))
                || any.stream().anyMatch(rule -> member.equals(rule.path().firstName()))
                || token.stream().anyMatch(path -> member.equals(path.firstName()));
    }

    /// Whether an anchor is of what the variable is called, and not of its value.
    public boolean namedBy(String anchor) {
        return variables.stream()
                .anyMatch(variable ->
                        variable.matcher(anchor).find()
                                || variable.matcher(anchor.toUpperCase(Locale.ROOT)).find());
    }
}
