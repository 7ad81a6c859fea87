package dev.tollbridge.webhook.detect.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Splits a script into commands and these into words, as far as any shell would agree. Comments
/// and what is only printed are left out.
public final class CommandLines {

    private static final int MAX_WORDS = 400;

    /// They run what follows them.
    private static final Set<String> RUNNERS =
            Set.of(
                    "sudo",
                    "exec",
                    "env",
                    "time",
                    "nohup",
                    "nice",
                    "command",
                    "then",
                    "do",
                    "else",
                    "if",
                    "while",
                    "until",
                    "!",
                    "{",
                    "(",
                    "-",
                    "RUN",
                    "CMD",
                    "ENTRYPOINT",
                    "run:",
                    "eval",
                    "npx",
                    "winpty",
                    "sh",
                    "bash",
                    "zsh",
                    "dash",
                    "ash",
                    "/bin/sh",
                    "/bin/bash",
                    "-c",
                    "-lc",
                    "-ec",
                    "-exc",
                    "-euc",
                    "-xc",
                    "-l",
                    "-e",
                    "-x",
                    "-ex",
                    "-eu",
                    "pwsh",
                    "powershell",
                    "-Command",
                    "timeout",
                    "xargs",
                    "script:",
                    "&",
                    "@");

    private static final Set<String> PRINTERS =
            Set.of("echo", "printf", "Write-Host", "Write-Output", "#", "//", "rem", "REM");

    /// @param line from 1
    public record Line(List<String> words, int line) {}

    private CommandLines() {}

    public static List<Line> read(String script, Budget budget) {
        budget.steps(script.length());
        List<Line> lines = new ArrayList<>();
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int line = 1;
        int started = 1;
        boolean comment = false;
        for (int i = 0; i <= script.length(); i++) {
            char c = i < script.length() ? script.charAt(i) : '\n';
            boolean continued =
                    (c == '\\' || c == '`')
                            && i + 1 < script.length()
                            && (script.charAt(i + 1) == '\n' || script.charAt(i + 1) == '\r');
            if (continued) {
                end(word, words);
                i = script.charAt(i + 1) == '\r' ? Math.min(script.length(), i + 2) : i + 1;
                line++;
                continue;
            }
            if (c == '\n') {
                comment = false;
            }
            if (comment) {
                continue;
            }
            switch (c) {
                case ' ', '\t', '\r', '"', '\'', ',', '[', ']' -> end(word, words);
                case '\n', ';', '|', '&', '(', ')', '`' -> {
                    end(word, words);
                    finish(words, started, lines, budget);
                    words = new ArrayList<>();
                    started = c == '\n' ? line + 1 : line;
                }
                case '#' -> {
                    if (word.isEmpty()) {
                        comment = true;
                    } else {
                        word.append(c);
                    }
                }
                default -> word.append(c);
            }
            if (c == '\n') {
                line++;
            }
        }
        return lines;
    }

    private static void end(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            if (words.size() < MAX_WORDS) {
                words.add(word.toString());
            }
            word.setLength(0);
        }
    }

    private static void finish(List<String> words, int line, List<Line> lines, Budget budget) {
        budget.step();
        int from = 0;
        while (from < words.size() && introduces(words.get(from))) {
            from++;
        }
        if (from < words.size() && !PRINTERS.contains(words.get(from))) {
            lines.add(new Line(words.subList(from, words.size()), line));
        }
    }

    /// A runner, an assignment before a command, a number for `timeout`, a history's time stamp.
    private static boolean introduces(String word) {
        if (RUNNERS.contains(word)) {
            return true;
        }
        int equals = word.indexOf('=');
        if (equals > 0 && word.substring(0, equals).matches("[A-Za-z_][A-Za-z0-9_]{0,100}")) {
            return true;
        }
        return word.matches("\\d{1,12}[smh]?|:|\\d{1,12}:\\d{1,6}|cmd:|\\$|>|%");
    }
}
