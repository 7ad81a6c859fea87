package dev.tollbridge.webhook.detect.engine;

import dev.tollbridge.webhook.detect.parse.Budget;
import dev.tollbridge.webhook.detect.rule.Command;
import dev.tollbridge.webhook.detect.rule.Detector;
import java.util.List;
import java.util.Locale;

/// Whether the words of a command line begin a login.
final class Commands {

    private Commands() {}

    static boolean match(Detector detector, String program, List<String> words, Budget budget) {
        return detector.commands().stream()
                .anyMatch(command -> match(command, program, words, budget));
    }

    private static boolean match(
            Command command, String program, List<String> words, Budget budget) {
        budget.steps(words.size());
        if (!program.equals(command.program().toLowerCase(Locale.ROOT))) {
            return false;
        }
        if (!inOrder(command.words(), words)) {
            return false;
        }
        boolean asked =
                command.with().isEmpty() || command.with().stream().anyMatch(o -> has(o, words));
        return asked
                && command.unless().stream().noneMatch(option -> has(option, words))
                && !asksHelp(words);
    }

    /// `/usr/bin/az` and `az.exe` are `az`; PowerShell does not care for case.
    static String program(String word) {
        String name = word.substring(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1);
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".exe") || lower.endsWith(".cmd")
                ? lower.substring(0, lower.length() - 4)
                : lower;
    }

    /// The subcommands are the first words that are neither options nor an option's value; whether
    /// a word is one's value only the program knows, so one word after an option may be passed
    /// over.
    private static boolean inOrder(List<String> wanted, List<String> words) {
        int found = 0;
        boolean afterOption = false;
        for (int i = 1; i < words.size() && found < wanted.size(); i++) {
            String word = words.get(i);
            if (word.equals(wanted.get(found))) {
                found++;
                afterOption = false;
            } else if (word.startsWith("-")) {
                afterOption = !word.contains("=");
            } else if (afterOption) {
                afterOption = false;
            } else {
                return false;
            }
        }
        return found == wanted.size();
    }

    /// `--option`, `--option=value`; for a wanted `--option=value` also `--option value`; a wanted
    /// word that ends in a colon is a beginning (`file:`).
    private static boolean has(String option, List<String> words) {
        int equals = option.indexOf('=');
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            boolean powerShell =
                    option.startsWith("-") && !option.startsWith("--") && option.length() > 3;
            if (powerShell ? word.equalsIgnoreCase(option) : word.equals(option)) {
                return true;
            }
            if (option.endsWith(":") && word.startsWith(option)) {
                return true;
            }
            if (equals < 0 && word.startsWith(option + "=")) {
                return true;
            }
            if (equals > 0
                    && word.equals(option.substring(0, equals))
                    && i + 1 < words.size()
                    && words.get(i + 1).equals(option.substring(equals + 1))) {
                return true;
            }
        }
        return false;
    }

    private static boolean asksHelp(List<String> words) {
        return words.contains("--help") || words.contains("-h") || words.contains("help");
    }
}
