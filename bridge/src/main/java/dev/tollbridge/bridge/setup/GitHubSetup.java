package dev.tollbridge.bridge.setup;

import dev.tollbridge.bridge.config.TargetSpec.GitHub;
import dev.tollbridge.bridge.target.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the App must be given, where it must be installed, and where its key has to lie. The App's
/// own limits are the outer ones: a target can ask for less, never for more.
final class GitHubSetup implements TargetSetup {

    @Override
    public String kind() {
        return "github";
    }

    @Override
    public List<SetupForm> forms() {
        return List.of(SetupForm.JSON, SetupForm.SHELL);
    }

    @Override
    public String text(SetupForm form, Target target, String externalUrl) {
        GitHub github = (GitHub) target.settings();
        return form == SetupForm.SHELL ? shell(target, github) : json(target, github, externalUrl);
    }

    private static String json(Target target, GitHub github, String externalUrl) {
        Map<String, Object> app = new LinkedHashMap<>();
        app.put("name", "APP_NAME");
        app.put("url", externalUrl);
        app.put("public", false);
        app.put("default_permissions", new TreeMap<>(github.permissions()));
        app.put("default_events", List.of());
        Map<String, Object> installation = new LinkedHashMap<>();
        if (github.owner() == null) {
            installation.put("id", github.installationId());
        } else {
            installation.put("account", github.owner());
        }
        installation.put("repository_selection", "selected");
        installation.put("repositories", github.repositories());
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("appManifest", app);
        tree.put("installation", installation);
        tree.put("privateKey", Map.of("file", file(target, github), "mode", "0600"));
        tree.put("replace", Map.of("APP_NAME", "a name that no other App on GitHub has"));
        return Written.json(tree);
    }

    private static String shell(Target target, GitHub github) {
        String file = Written.shell(file(target, github));
        return """
        # The App %s needs these permissions and no others: %s
        # It is installed for %s with "Only select repositories": %s
        # DOWNLOADED.pem: the key from the App's page, "Private keys", "Generate a private key".
        install -m 0600 DOWNLOADED.pem %s
        openssl rsa -in %s -check -noout
        """
                .formatted(
                        github.appId(),
                        new TreeMap<>(github.permissions()),
                        github.owner() == null
                                ? "the account of installation " + github.installationId()
                                : github.owner(),
                        String.join(", ", github.repositories()),
                        file,
                        file);
    }

    private static String file(Target target, GitHub github) {
        return target.directory() == null
                ? github.privateKey()
                : target.directory().resolve(github.privateKey()).normalize().toString();
    }
}
