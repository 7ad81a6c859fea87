package dev.tollbridge.bridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.audit.AuditReader;
import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.audit.AuditVerification;
import dev.tollbridge.bridge.audit.ChainHead;
import dev.tollbridge.bridge.audit.RecordLine;
import dev.tollbridge.bridge.http.RecordTree;
import dev.tollbridge.bridge.signing.FileKeyring;
import dev.tollbridge.bridge.signing.KeyringSettings;
import dev.tollbridge.bridge.signing.OwnIssuer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `tollbridge audit`: the record, on the files of the data folder.
@Command(
        name = "audit",
        description = {
            "Checks and shows the record: every decision, granted or refused.",
            "Reads the data folder; works while the bridge runs, and without it."
        },
        mixinStandardHelpOptions = true,
        subcommands = {AuditCommand.Verify.class, AuditCommand.Head.class, AuditCommand.Show.class},
        footer = {
            "",
            "Examples:",
            "  tollbridge audit verify --data ./data",
            "  tollbridge audit show --data ./data --since 1h --kind refused"
        })
final class AuditCommand {

    private static final String FOLDER = "audit";

    private AuditCommand() {}

    @Command(
            name = "verify",
            description = "Checks that no line of the record was changed, removed or added.",
            mixinStandardHelpOptions = true,
            exitCodeList = {
                "0:the chain holds",
                "1:it does not; the first line that is wrong is named",
                "2:wrong usage",
                "3:the record cannot be read"
            },
            footer = {
                "",
                "Examples:",
                "  tollbridge audit verify --data ./data",
                "  tollbridge audit verify --data ./data --head /backup/head.json",
                "",
                "A record that was cut at its end still holds as a chain: only a head that was kept on",
                "another machine tells. `tollbridge audit head` prints one that is signed."
            })
    static final class Verify implements Callable<Integer> {

        @Mixin private final DataOption data = new DataOption();

        @Option(
                names = "--head",
                paramLabel = "FILE",
                description = {
                    "A head kept elsewhere, to compare with: a copy of head.json, or what",
                    "`tollbridge audit head` printed, whose signature is checked."
                })
        private @Nullable Path head;

        @Mixin private final OutputOption output = new OutputOption();

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
        private CommandSpec spec;

        @Override
        public Integer call() {
            Path folder = data.with(FOLDER).resolve(FOLDER);
            AuditVerification.Result result;
            try {
                result =
                        AuditVerification.verify(
                                folder, head == null ? null : expected(head, data.with(FOLDER)));
            } catch (IOException e) {
                throw CommandFailure.unavailable("the record cannot be read: " + e.getMessage());
            }
            print(result);
            return result.holds() ? ExitCode.DONE : ExitCode.NO;
        }

        private static ChainHead expected(Path file, Path data) {
            try {
                String text = Files.readString(file);
                if (!text.startsWith("{")) {
                    return signed(file, text, data);
                }
                JsonNode tree = new ObjectMapper().readTree(text);
                if (tree.path("ledger").isTextual()
                        && tree.path("seq").isIntegralNumber()
                        && tree.path("hash").isTextual()) {
                    return new ChainHead(
                            tree.path("ledger").textValue(),
                            tree.path("seq").longValue(),
                            tree.path("hash").textValue());
                }
                throw CommandFailure.usage("--head: " + file + " is no copy of a head.json");
            } catch (JsonProcessingException e) {
                throw CommandFailure.usage("--head: " + file + " is no copy of a head.json");
            } catch (IOException e) {
                throw CommandFailure.usage("--head: " + file + " cannot be read");
            }
        }

        private static ChainHead signed(Path file, String text, Path data) {
            try (FileKeyring keyring =
                    FileKeyring.open(data, KeyringSettings.DEFAULT, InstantSource.system())) {
                ChainHead head = SignedHead.read(text, keyring.publicKeys(OwnIssuer.BRIDGE));
                if (head == null) {
                    throw CommandFailure.no(
                            "--head: " + file + " is no head that a key of this bridge signed");
                }
                return head;
            }
        }

        private void print(AuditVerification.Result result) {
            PrintWriter out = spec.commandLine().getOut();
            ChainHead last = result.head();
            if (output.json()) {
                Map<String, @Nullable Object> tree = new LinkedHashMap<>();
                tree.put("holds", result.holds());
                tree.put("problem", result.problem());
                tree.put("lines", result.lines());
                tree.put("first_seq", result.firstSeq());
                tree.put("last_seq", last == null ? null : last.seq());
                tree.put("last_hash", last == null ? null : last.hash());
                tree.put("ledger", last == null ? null : last.ledger());
                tree.put("unfinished_bytes", result.unfinished());
                out.println(JsonOutput.pretty(tree));
            } else if (result.holds()) {
                out.println(
                        "ok: "
                                + result.lines()
                                + " lines hold"
                                + (last == null
                                        ? ""
                                        : ", up to line " + last.seq() + " (" + last.hash() + ")"));
            } else {
                out.println("broken: " + Plain.text(String.valueOf(result.problem())));
                out.println(result.lines() + " lines before it hold");
            }
            out.flush();
        }
    }

    @Command(
            name = "head",
            description = "Checks the record and prints its last line's number and hash, signed.",
            mixinStandardHelpOptions = true,
            exitCodeList = {
                "0:printed",
                "1:the chain does not hold, or there is no line yet",
                "2:wrong usage",
                "3:the record or the keys cannot be read"
            },
            footer = {
                "",
                "Example:",
                "  tollbridge audit head --data ./data > /elsewhere/head.jws",
                "",
                "Keep it on another machine; `tollbridge audit verify --head FILE` compares with it."
            })
    static final class Head implements Callable<Integer> {

        @Mixin private final DataOption data = new DataOption();

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
        private CommandSpec spec;

        @Override
        public Integer call() {
            Path folder = data.with(FOLDER);
            ChainHead last;
            try {
                AuditVerification.Result result =
                        AuditVerification.verify(folder.resolve(FOLDER), null);
                last = result.holds() ? result.head() : null;
            } catch (IOException e) {
                throw CommandFailure.unavailable("the record cannot be read: " + e.getMessage());
            }
            if (last == null) {
                throw CommandFailure.no(
                        "there is no head to sign: see `tollbridge audit verify --data "
                                + folder
                                + "`");
            }
            InstantSource clock = InstantSource.system();
            try (FileKeyring keyring = FileKeyring.open(folder, KeyringSettings.DEFAULT, clock)) {
                PrintWriter out = spec.commandLine().getOut();
                out.println(
                        SignedHead.sign(last, keyring.signer(OwnIssuer.BRIDGE), clock.instant()));
                out.flush();
            }
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "show",
            description = "Shows lines of the record, oldest first.",
            mixinStandardHelpOptions = true,
            exitCodeList = {
                "0:done, whether there are any or not",
                "1:the record holds what is no line of it",
                "2:wrong usage"
            },
            footer = {
                "",
                "Examples:",
                "  tollbridge audit show --data ./data --since 2h --target internal-api",
                "  tollbridge audit show --data ./data --receipt rct_01KAH2Q4W0V8M6T3N5R7X9Z1BC --output json",
                "",
                "Refusals from before a signature was verified, which anybody can cause, are kept apart:",
                "--unverified shows those. --receipt looks at both."
            })
    static final class Show implements Callable<Integer> {

        @Mixin private final DataOption data = new DataOption();

        @Option(
                names = "--since",
                paramLabel = "TIME",
                description = "Not before: a span such as 24h, a day, or an RFC 3339 time.")
        private @Nullable String since;

        @Option(
                names = "--kind",
                paramLabel = "KIND",
                description = "Only this kind: issued, refused, revoked and so on.")
        private AuditRecord.@Nullable Kind kind;

        @Option(names = "--target", paramLabel = "NAME", description = "Only this target.")
        private @Nullable String target;

        @Option(names = "--subject", paramLabel = "TEXT", description = "Only this subject.")
        private @Nullable String subject;

        @Option(names = "--receipt", paramLabel = "ID", description = "Only this receipt.")
        private @Nullable String receipt;

        @Option(names = "--issuance", paramLabel = "ID", description = "Only this issuance.")
        private @Nullable String issuance;

        @Option(
                names = "--unverified",
                description = "Refusals from before a signature was verified, instead.")
        private boolean unverified;

        @Mixin private final OutputOption output = new OutputOption();

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
        private CommandSpec spec;

        @Override
        public Integer call() {
            Path folder = data.with(FOLDER).resolve(FOLDER);
            Predicate<AuditRecord> wanted = wanted();
            RecordLines lines = new RecordLines(spec.commandLine().getOut(), output.json());
            lines.begin();
            try {
                if (!unverified) {
                    AuditReader.forwards(folder, wanted, lines::print);
                }
                if (unverified || receipt != null) {
                    unverified(folder, wanted).forEach(lines::print);
                }
            } catch (UncheckedIOException e) {
                throw CommandFailure.no(String.valueOf(e.getMessage()));
            } finally {
                lines.end();
            }
            return ExitCode.DONE;
        }

        private Predicate<AuditRecord> wanted() {
            Instant from = PastTime.parse("--since", since, Instant.now());
            return record ->
                    (from == null || !record.time().isBefore(from))
                            && (kind == null || kind == record.kind())
                            && is(target, record.target())
                            && is(subject, record.subject())
                            && is(receipt, record.receipt())
                            && is(issuance, record.id());
        }

        private static boolean is(@Nullable String wanted, @Nullable String there) {
            return wanted == null || wanted.equals(there);
        }

        /// A ring of files of bounded size, so all of it may be held.
        private static List<RecordLine> unverified(Path folder, Predicate<AuditRecord> wanted) {
            List<RecordLine> found = new ArrayList<>();
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(folder, "refused-*.jsonl")) {
                for (Path file : files) {
                    AuditReader.backwards(
                            file,
                            line -> {
                                if (wanted.test(line.record())) {
                                    found.add(line);
                                }
                                return true;
                            });
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            found.sort(Comparator.comparing((RecordLine line) -> line.record().time()));
            return found;
        }
    }

    /// Prints lines as they are read: a record may be larger than the memory.
    private static final class RecordLines {

        private final PrintWriter out;
        private final boolean json;
        private boolean first = true;

        RecordLines(PrintWriter out, boolean json) {
            this.out = out;
            this.json = json;
        }

        void begin() {
            if (json) {
                out.print("[");
            }
        }

        void print(RecordLine line) {
            if (json) {
                Map<String, @Nullable Object> tree = new LinkedHashMap<>();
                if (line.seq() > 0) {
                    tree.put("seq", line.seq());
                    tree.put("prev", line.prev());
                }
                tree.putAll(RecordTree.of(line.record()));
                out.print((first ? "\n" : ",\n") + JsonOutput.compact(tree));
            } else {
                out.println(text(line.record()));
            }
            first = false;
        }

        void end() {
            if (json) {
                out.println("\n]");
            }
            out.flush();
        }

        private static String text(AuditRecord record) {
            StringBuilder text = new StringBuilder(160);
            text.append(record.time()).append("  ").append(record.kind().code());
            text.append(" ".repeat(Math.max(1, 11 - record.kind().code().length())));
            text.append(record.id() != null ? record.id() : record.receipt());
            member(text, "reason", record.reason());
            member(text, "issuer", record.issuer());
            member(text, "subject", record.subject());
            member(text, "target", record.target());
            member(text, "grant", record.grant());
            member(text, "scope", record.scope());
            member(text, "expires", record.expires());
            member(text, "token", record.tokenFingerprint());
            member(text, "peer", record.peer());
            member(text, "other_peer", record.otherPeer() ? "true" : null);
            if (record.id() != null && record.reason() != null) {
                member(text, "receipt", record.receipt());
            }
            member(text, "detail", record.detail());
            return Plain.text(text.toString());
        }

        private static void member(StringBuilder text, String name, @Nullable Object value) {
            if (value != null) {
                String written = String.valueOf(value);
                boolean quote = written.isEmpty() || written.indexOf(' ') >= 0;
                text.append("  ").append(name).append('=');
                text.append(quote ? "\"" + written + "\"" : written);
            }
        }
    }
}
