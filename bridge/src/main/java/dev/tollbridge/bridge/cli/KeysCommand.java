package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.signing.KeyChangeRefused;
import dev.tollbridge.bridge.signing.KeyInfo;
import dev.tollbridge.bridge.signing.Keyring;
import dev.tollbridge.bridge.signing.OwnIssuer;
import dev.tollbridge.bridge.signing.SigningAlgorithm;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tollbridge keys`: the bridge's signing keys, on the files of its data folder.
@Command(
        name = "keys",
        description = {
            "Shows and changes the bridge's signing keys.",
            "Works on the data folder, or with --keys kubernetes on the Secret, whether the bridge"
                    + " runs or not; those that run take changes over within seconds."
        },
        mixinStandardHelpOptions = true,
        subcommands = {
            KeysCommand.ListKeys.class,
            KeysCommand.Stage.class,
            KeysCommand.Activate.class,
            KeysCommand.Retire.class,
            KeysCommand.Revoke.class
        },
        footer = {
            "",
            "Examples:",
            "  tollbridge keys list --data ./data",
            "  tollbridge keys activate 5Zb1 --data ./data",
            "  tollbridge keys list --keys kubernetes      # in a pod of the bridge",
            "",
            "What the states mean and what to do when a key leaks: docs/operations/signing-keys.md"
        })
final class KeysCommand {

    private static final int SHORTEST_PREFIX = 4;

    private KeysCommand() {}

    /// What one of these commands does with the keys.
    abstract static class OnKeys implements Callable<Integer> {

        @Mixin private final DataOption data = new DataOption();
        @Mixin private final KeyringOption keys = new KeyringOption();
        @Mixin private final OutputOption output = new OutputOption();

        abstract List<KeyInfo> done(Keyring keyring) throws KeyChangeRefused;

        @Override
        public Integer call() {
            try {
                print(keys.with(keys.onDisk() ? data.with("keys") : data.given(), this::done));
                return ExitCode.DONE;
            } catch (KeyChangeRefused e) {
                throw CommandFailure.no(String.valueOf(e.getMessage()));
            }
        }

        private void print(List<KeyInfo> keys) {
            PrintWriter out = output.out();
            if (output.json()) {
                out.println(
                        JsonOutput.pretty(
                                Map.of("keys", keys.stream().map(KeysCommand::tree).toList())));
                out.flush();
                return;
            }
            Table table =
                    new Table("KID", "ISSUER", "ALGORITHM", "STATE", "CREATED", "ACTIVE", "LEAVES");
            for (KeyInfo key : keys) {
                table.row(
                        key.kid(),
                        key.issuer().code(),
                        key.algorithm().joseName(),
                        key.state().code(),
                        key.createdAt(),
                        key.activatedAt(),
                        key.leavesAt());
            }
            table.print(out);
        }
    }

    /// One key, by its name or how that begins.
    abstract static class OnOneKey extends OnKeys {

        @Parameters(
                paramLabel = "KID",
                description = "The key's name, or at least 4 characters that only it begins with.")
        private String written = "";

        abstract KeyInfo done(Keyring keyring, String kid) throws KeyChangeRefused;

        @Override
        final List<KeyInfo> done(Keyring keyring) throws KeyChangeRefused {
            List<String> kids =
                    keyring.list().stream()
                            .map(KeyInfo::kid)
                            .filter(kid ->
                                    kid.equals(written)
                                            || (written.length() >= SHORTEST_PREFIX
                                                    && kid.startsWith(written)))
                            .toList();
            if (kids.size() != 1) {
                throw CommandFailure.no(
                        kids.isEmpty()
                                ? "there is no key " + written + "; see: tollbridge keys list"
                                : "several keys begin with " + written);
            }
            return List.of(done(keyring, kids.getFirst()));
        }
    }

    @Command(
            name = "list",
            description = "Lists every key, oldest first.",
            mixinStandardHelpOptions = true,
            exitCodeList = {"0:done", "2:wrong usage", "3:the keys cannot be read"},
            footer = {"", "Example:", "  tollbridge keys list --data ./data"})
    static final class ListKeys extends OnKeys {
        @Override
        List<KeyInfo> done(Keyring keyring) {
            return keyring.list();
        }
    }

    @Command(
            name = "stage",
            description = "Makes a next key and publishes it. It signs nothing yet.",
            mixinStandardHelpOptions = true,
            exitCodeList = {
                "0:done",
                "1:there is a next key already",
                "2:wrong usage",
                "3:the keys cannot be read or written"
            },
            footer = {"", "Example:", "  tollbridge keys stage --algorithm ES256 --data ./data"})
    static final class Stage extends OnKeys {

        @Option(
                names = "--issuer",
                paramLabel = "bridge|federation",
                defaultValue = "bridge",
                description = "Whose key. Default: ${DEFAULT-VALUE}.")
        private OwnIssuer issuer = OwnIssuer.BRIDGE;

        @Option(
                names = "--algorithm",
                paramLabel = "ES256|RS256|EdDSA",
                defaultValue = "ES256",
                description = "Default: ${DEFAULT-VALUE}.")
        private SigningAlgorithm algorithm = SigningAlgorithm.ES256;

        @Override
        List<KeyInfo> done(Keyring keyring) throws KeyChangeRefused {
            return List.of(keyring.stage(issuer, algorithm));
        }
    }

    @Command(
            name = "activate",
            description = "Lets a next key sign from now on, and retires the one that did.",
            mixinStandardHelpOptions = true,
            exitCodeList = {
                "0:done",
                "1:it is no next key, or others may not know it yet",
                "2:wrong usage",
                "3:the keys cannot be read or written"
            },
            footer = {"", "Example:", "  tollbridge keys activate 5Zb1 --data ./data"})
    static final class Activate extends OnOneKey {

        @Option(
                names = "--force",
                description =
                        "Even when it was published for less than an hour, and others may still"
                                + " refuse what it signs.")
        private boolean force;

        @Override
        KeyInfo done(Keyring keyring, String kid) throws KeyChangeRefused {
            return keyring.activate(kid, force);
        }
    }

    @Command(
            name = "retire",
            description =
                    "Takes a key out of use. It stays published until what it signed has ended.",
            mixinStandardHelpOptions = true,
            exitCodeList = {
                "0:done",
                "1:it is the only one that signs, or has ended",
                "2:wrong usage",
                "3:the keys cannot be read or written"
            },
            footer = {"", "Example:", "  tollbridge keys retire 5Zb1 --data ./data"})
    static final class Retire extends OnOneKey {
        @Override
        KeyInfo done(Keyring keyring, String kid) throws KeyChangeRefused {
            return keyring.retire(kid);
        }
    }

    @Command(
            name = "revoke",
            description =
                    "Withdraws a key at once, after a leak: what it signed is believed no more.",
            mixinStandardHelpOptions = true,
            exitCodeList = {
                "0:done",
                "1:there is no such key, or it is revoked already",
                "2:wrong usage",
                "3:the keys cannot be read or written"
            },
            footer = {"", "Example:", "  tollbridge keys revoke 5Zb1 --data ./data"})
    static final class Revoke extends OnOneKey {
        @Override
        KeyInfo done(Keyring keyring, String kid) throws KeyChangeRefused {
            return keyring.revoke(kid);
        }
    }

    private static Map<String, @Nullable Object> tree(KeyInfo key) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("kid", key.kid());
        tree.put("issuer", key.issuer().code());
        tree.put("algorithm", key.algorithm().joseName());
        tree.put("state", key.state().code());
        tree.put("created", text(key.createdAt()));
        tree.put("activated", text(key.activatedAt()));
        tree.put("ended", text(key.endedAt()));
        tree.put("leaves", text(key.leavesAt()));
        return tree;
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
