package dev.tollbridge.webhook.detect.engine;

import dev.tollbridge.webhook.detect.Carrier;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Which texts are run, or were: documentation that names a command does not run it.
final class Scripts {

    /// Members of documents (CI, compose, devcontainer, manifests) whose text is run by a shell.
    private static final Set<String> KEYS =
            Set.of(
                    "run",
                    "script",
                    "before_script",
                    "after_script",
                    "commands",
                    "shell",
                    "cmd",
                    "inlineScript",
                    "bash",
                    "pwsh",
                    "powershell",
                    "postCreateCommand",
                    "postStartCommand",
                    "postAttachCommand",
                    "onCreateCommand",
                    "updateContentCommand",
                    "initializeCommand",
                    "userData",
                    "user_data",
                    "startup-script",
                    "startupScript");

    private static final Pattern NAMES =
            Pattern.compile(
                    "(.*\\.(sh|bash|zsh|ksh|fish|ps1|psm1|bat|cmd|mk|command)"
                            + "|.*_history|\\.?history|fish_history|consolehost_history\\.txt"
                            + "|(dockerfile|containerfile|jenkinsfile|makefile|justfile|procfile|vagrantfile|earthfile)(\\..*)?"
                            + "|.*\\.(dockerfile|containerfile)"
                            + "|\\.(bash_profile|bashrc|zshrc|profile|zprofile|envrc|xprofile))");

    private static final Pattern SHEBANG =
            Pattern.compile("#!\\s?\\S*/(env\\s+(-S\\s+)?)?(ba|z|da|k|a|fi)?sh\\b");

    private Scripts() {}

    static boolean runs(Trail trail, byte[] text) {
        if (trail.carrier() == Carrier.KEY && KEYS.contains(trail.name())) {
            return true;
        }
        String name = trail.name().substring(trail.name().lastIndexOf('/') + 1);
        if (NAMES.matcher(name.toLowerCase(Locale.ROOT)).matches()) {
            return true;
        }
        String first = new String(text, 0, Math.min(text.length, 80), StandardCharsets.ISO_8859_1);
        return SHEBANG.matcher(first).lookingAt();
    }

    static boolean key(String key) {
        return KEYS.contains(key);
    }
}
