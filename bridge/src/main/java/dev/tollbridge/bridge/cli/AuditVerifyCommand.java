package dev.tollbridge.bridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.audit.AuditVerification;
import dev.tollbridge.bridge.audit.ChainHead;
import dev.tollbridge.bridge.audit.JournalBeginning;
import dev.tollbridge.bridge.lifecycle.SignedHead;
import dev.tollbridge.bridge.signing.OwnIssuer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tollbridge audit verify`.
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
final class AuditVerifyCommand implements Callable<Integer> {

    @Mixin private final DataOption data = new DataOption();
    @Mixin private final KeyringOption keys = new KeyringOption();

    @Option(
            names = "--head",
            paramLabel = "FILE",
            description = {
                "A head kept elsewhere, to compare with: a copy of head.json, or what",
                "`tollbridge audit head` printed, whose signature is checked."
            })
    private @Nullable Path head;

    @Option(
            names = "--first-line",
            paramLabel = "N",
            defaultValue = "1",
            description = {
                "The number of the first line there should be, where older files were removed by",
                "hand. What --audit-retention removed needs no flag."
            })
    private long firstLine = 1;

    @Mixin private final OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        Path folder = data.with(AuditCommand.FOLDER).resolve(AuditCommand.FOLDER);
        AuditVerification.Result result;
        try {
            result =
                    AuditVerification.verify(
                            folder,
                            head == null ? null : expected(head, data.with(AuditCommand.FOLDER)),
                            begin(data.with(AuditCommand.FOLDER), keys),
                            firstLine);
        } catch (IOException e) {
            throw CommandFailure.unavailable("the record cannot be read: " + e.getMessage());
        }
        print(result);
        return result.holds() ? ExitCode.DONE : ExitCode.NO;
    }

    private ChainHead expected(Path file, Path data) {
        try {
            String text = Files.readString(file);
            if (!text.startsWith("{")) {
                return signed(file, text, data, keys);
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

    /// What retention says it removed; null: it removed nothing.
    static @Nullable ChainHead begin(Path data, KeyringOption keys) throws IOException {
        Path file = data.resolve(AuditCommand.FOLDER).resolve(JournalBeginning.FILE);
        return Files.exists(file) ? signed(file, Files.readString(file), data, keys) : null;
    }

    private static ChainHead signed(Path file, String text, Path data, KeyringOption keys) {
        Optional<ChainHead> head =
                keys.with(
                        data,
                        keyring ->
                                Optional.ofNullable(
                                        SignedHead.read(
                                                text, keyring.publicKeys(OwnIssuer.BRIDGE))));
        return head.orElseThrow(
                () -> CommandFailure.no(file + " is no head that a key of this bridge signed"));
    }

    private void print(AuditVerification.Result result) {
        PrintWriter out = output.out();
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
