package dev.tollbridge.bridge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.bridge.cli.Commands.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorCommandsTest {

    @TempDir private static Path folder;
    private static ServedPolicy served;

    @BeforeAll
    static void serve() throws IOException {
        served = new ServedPolicy(folder);
    }

    @AfterAll
    static void end() {
        served.close();
    }

    private static Ran exchange(String token) throws IOException {
        return Commands.run(
                "exchange",
                "--url",
                served.url(),
                "--target",
                "internal-api",
                "--token-file",
                served.file("token.jwt", token).toString());
    }

    private static JsonNode issued() throws IOException {
        return exchange(served.token()).json();
    }

    private static String refused() throws IOException {
        String err = exchange(served.tokenOf("somebody-else")).err();
        return err.substring(err.indexOf("rct_"), err.indexOf(')'));
    }

    @Test
    void listsIssuances() throws IOException {
        String id = issued().path("issuance").asText();
        Ran text =
                served.operator("issuances", "list", "--target", "internal-api", "--since", "1h");
        assertThat(text.exit()).isZero();
        assertThat(text.err()).isEmpty();
        assertThat(text.out())
                .startsWith("ISSUANCE")
                .contains(id, "ci:", "job", "issued", "REVOCABLE");
        JsonNode json =
                served.operator("issuances", "list", "--limit", "1", "--output", "json").json();
        assertThat(json.path("issuances")).hasSize(1);
        assertThat(served.operator("issuances", "list", "--target", "none").out().lines())
                .hasSize(1);
        assertThat(served.operator("issuances", "list", "--since", "yesterday").exit())
                .isEqualTo(ExitCode.USAGE);
        assertThat(served.operator("issuances", "list", "--limit", "0").exit())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void listsTheIssuancesOfASubjectWhoseNameNeedsEscaping() throws IOException {
        String id = issued().path("issuance").asText();
        JsonNode json = served.operator("issuances", "show", id, "--output", "json").json();
        String subject = json.path("subject").asText();
        JsonNode found =
                served.operator("issuances", "list", "--subject", subject, "--output", "json")
                        .json();
        assertThat(found.path("issuances").path(0).path("id").asText()).startsWith("iss_");
        assertThat(
                        served.operator(
                                        "issuances",
                                        "list",
                                        "--subject",
                                        "a&target=internal-api#?",
                                        "--output",
                                        "json")
                                .json()
                                .path("issuances"))
                .isEmpty();
    }

    @Test
    void showsOneIssuance() throws IOException {
        JsonNode issued = issued();
        String id = issued.path("issuance").asText();
        Ran ran = served.operator("issuances", "show", id);
        assertThat(ran.exit()).isZero();
        assertThat(ran.out())
                .contains("status", "issued", "token_fingerprint", id)
                .doesNotContain(issued.path("access_token").asText());
        Ran none = served.operator("issuances", "show", "iss_01M7YZ2018PJHMPS5B6ZPA9VFE");
        assertThat(none.exit()).isEqualTo(ExitCode.NO);
        assertThat(none.err()).contains("there is no issuance");
        assertThat(served.operator("issuances", "show", "../keys").exit())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void operatorsRevokeByTheIssuance() throws IOException {
        String id = issued().path("issuance").asText();
        Ran ran = served.operator("revoke", id);
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEqualTo(id + " is revoked\n");
        assertThat(served.operator("issuances", "show", id).out()).contains("revoked_at");
        Ran again = served.operator("revoke", id, "--output", "json");
        assertThat(again.json().path("revoked").asBoolean()).isFalse();
        assertThat(served.operator("revoke", "iss_01M7YZ2018PJHMPS5B6ZPA9VFE").exit())
                .isEqualTo(ExitCode.NO);
    }

    @Test
    void holdersRevokeByTheCredentialItsHandleOrTheWholeAnswer() throws IOException {
        JsonNode first = issued();
        JsonNode second = issued();
        JsonNode third = issued();
        Path token = served.file("credential", first.path("access_token").asText());
        Path whole = served.file("answer.json", second.toString());
        assertRevoked(first, "--token-file", token.toString());
        assertRevoked(second, "--token-file", whole.toString());
        assertRevoked(third, third.path("revocation_handle").asText());
    }

    private static void assertRevoked(JsonNode issued, String... what) {
        String[] args =
                java.util.Arrays.copyOf(
                        new String[] {"revoke", "--url", served.url()}, 3 + what.length);
        System.arraycopy(what, 0, args, 3, what.length);
        Ran ran = Commands.run(args);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.exit()).isZero();
        assertThat(
                        served.operator(
                                        "issuances",
                                        "show",
                                        issued.path("issuance").asText(),
                                        "--output",
                                        "json")
                                .json()
                                .path("status")
                                .asText())
                .isEqualTo("revoked");
    }

    @Test
    void listsGrantsAndThoseNobodyUses() throws IOException {
        issued();
        Ran list = served.operator("grants", "list");
        assertThat(list.exit()).isZero();
        assertThat(list.out()).contains("job", "never-used", "team@acme.example", "all.yaml");
        JsonNode unused =
                served.operator("grants", "unused", "--for", "30d", "--output", "json").json();
        assertThat(unused.path("grants")).hasSize(1);
        assertThat(unused.path("grants").path(0).path("name").asText()).isEqualTo("never-used");
        assertThat(served.operator("grants", "unused", "--for", "soon").exit())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aReceiptTellsWhy() throws IOException {
        String receipt = refused();
        Ran ran = served.operator("receipt", receipt);
        assertThat(ran.exit()).isZero();
        assertThat(ran.out())
                .startsWith("No grant gives this subject that target.\n")
                .contains("grant_missing", "nearest is grant job", "match.sub is 'somebody-else'");
        JsonNode json = served.operator("receipt", receipt, "--output", "json").json();
        assertThat(json.path("reason").asText()).isEqualTo("grant_missing");
        assertThat(served.operator("receipt", "rct_01M7YZ2018PJHMPS5B6ZPA9VFE").exit())
                .isEqualTo(ExitCode.NO);
    }

    @Test
    void aReceiptOfWhatAnybodyCanCauseIsFoundToo() throws IOException {
        String err = exchange("not.a.token").err();
        String receipt = err.substring(err.indexOf("rct_"), err.indexOf(')'));
        assertThat(served.operator("receipt", receipt).out()).contains("token_malformed");
        Ran offline =
                Commands.run(
                        "audit",
                        "show",
                        "--data",
                        served.data().toString(),
                        "--receipt",
                        receipt,
                        "--output",
                        "json");
        assertThat(offline.json().path(0).path("reason").asText()).isEqualTo("token_malformed");
    }

    @Test
    void verifiesTheRecordWhileTheBridgeRuns() throws IOException {
        issued();
        Ran ran = Commands.run("audit", "verify", "--data", served.data().toString());
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).startsWith("ok: ");
        JsonNode json =
                Commands.run(
                                "audit",
                                "verify",
                                "--data",
                                served.data().toString(),
                                "--output",
                                "json")
                        .json();
        assertThat(json.path("holds").asBoolean()).isTrue();
        assertThat(json.path("lines").asLong()).isPositive();
    }

    @Test
    void saysThatTheTailIsMissingByAHeadKeptElsewhere() throws IOException {
        issued();
        String data = served.data().toString();
        JsonNode now = Commands.run("audit", "verify", "--data", data, "--output", "json").json();
        String form = "{\"ledger\":\"%s\",\"seq\":%d,\"hash\":\"%s\"}";
        String ledger = now.path("ledger").asText();
        String hash = now.path("last_hash").asText();
        long seq = now.path("last_seq").asLong();
        Path same = served.file("head.json", form.formatted(ledger, seq, hash));
        assertThat(
                        Commands.run("audit", "verify", "--data", data, "--head", same.toString())
                                .exit())
                .isZero();
        Path later = served.file("head.json", form.formatted(ledger, seq + 50, hash));
        Ran cut = Commands.run("audit", "verify", "--data", data, "--head", later.toString());
        assertThat(cut.exit()).isEqualTo(ExitCode.NO);
        assertThat(cut.out()).contains("missing at its end");
    }

    @Test
    @DisplayName("DESIGN 14 rule 4: signed chain heads can leave the host")
    void comparesWithAHeadThatTheBridgeSigned() throws IOException {
        issued();
        String data = served.data().toString();
        Ran printed = Commands.run("audit", "head", "--data", data);
        assertThat(printed.exit()).isZero();
        String head = printed.out().strip();

        Path kept = served.file("head.jws", head);
        issued();
        assertThat(
                        Commands.run("audit", "verify", "--data", data, "--head", kept.toString())
                                .exit())
                .isZero();

        // Somebody else's words about the record: the claims changed, the signature left.
        String[] parts = head.split("\\.");
        String claims =
                new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8)
                        .replaceFirst("\"seq\":\\d+", "\"seq\":1");
        String changed =
                parts[0]
                        + "."
                        + Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(claims.getBytes(UTF_8))
                        + "."
                        + parts[2];
        Path forged = served.file("forged.jws", changed);
        Ran ran = Commands.run("audit", "verify", "--data", data, "--head", forged.toString());
        assertThat(ran.exit()).isEqualTo(ExitCode.NO);
        assertThat(ran.err()).contains("no head that a key of this bridge signed");
    }

    @Test
    void namesTheFirstLineThatWasChanged() throws IOException {
        issued();
        Path copy = Files.createDirectories(folder.resolve("copy/audit"));
        Path journal;
        try (var files = Files.list(served.data().resolve("audit"))) {
            journal =
                    files.filter(file -> file.getFileName().toString().matches("audit-.*\\.jsonl"))
                            .findFirst()
                            .orElseThrow();
        }
        String text = Files.readString(journal);
        Files.writeString(
                copy.resolve(journal.getFileName()),
                text.replaceFirst("in force: 1 issuers", "in force: 2 issuers"));
        Ran ran = Commands.run("audit", "verify", "--data", folder.resolve("copy").toString());
        assertThat(ran.exit()).isEqualTo(ExitCode.NO);
        assertThat(ran.out()).startsWith("broken: ").contains("was changed");
    }

    @Test
    void showsTheRecordFiltered() throws IOException {
        String id = issued().path("issuance").asText();
        refused();
        String data = served.data().toString();
        Ran text = Commands.run("audit", "show", "--data", data, "--kind", "issued");
        assertThat(text.exit()).isZero();
        assertThat(text.out()).contains(id).doesNotContain("refused");
        JsonNode json =
                Commands.run(
                                "audit",
                                "show",
                                "--data",
                                data,
                                "--issuance",
                                id,
                                "--since",
                                "1h",
                                "--target",
                                "internal-api",
                                "--output",
                                "json")
                        .json();
        assertThat(json).hasSize(1);
        assertThat(json.path(0).path("seq").asLong()).isPositive();
        assertThat(json.path(0).path("kind").asText()).isEqualTo("issued");
        JsonNode none =
                Commands.run(
                                "audit",
                                "show",
                                "--data",
                                data,
                                "--subject",
                                "nobody",
                                "--output",
                                "json")
                        .json();
        assertThat(none.isArray()).isTrue();
        assertThat(none).isEmpty();
    }

    @Test
    void noTokenIsInWhatOperatorsSee() throws IOException {
        String token = served.token();
        JsonNode issued = exchange(token).json();
        String secret = issued.path("access_token").asText();
        String handle = issued.path("revocation_handle").asText();
        for (Ran ran :
                new Ran[] {
                    served.operator("issuances", "list", "--output", "json"),
                    served.operator("grants", "list"),
                    Commands.run("audit", "show", "--data", served.data().toString()),
                    Commands.run("keys", "list", "--data", served.data().toString()),
                }) {
            assertThat(ran.out() + ran.err()).doesNotContain(token, secret, handle, "\"d\"");
        }
    }

    @Test
    void keysChangeBesideARunningBridge() {
        String data = served.data().toString();
        JsonNode keys = Commands.run("keys", "list", "--data", data, "--output", "json").json();
        String next = "";
        for (JsonNode key : keys.path("keys")) {
            if (key.path("issuer").asText().equals("bridge")
                    && key.path("state").asText().equals("next")) {
                next = key.path("kid").asText();
            }
        }
        assertThat(next).isNotEmpty();
        Ran tooEarly = Commands.run("keys", "activate", next, "--data", data);
        assertThat(tooEarly.exit()).isEqualTo(ExitCode.NO);
        assertThat(tooEarly.err()).contains("may hold an older key set");
        Ran staged = Commands.run("keys", "stage", "--data", data);
        assertThat(staged.exit()).isEqualTo(ExitCode.NO);
        Ran revoked = Commands.run("keys", "revoke", next.substring(0, 8), "--data", data);
        assertThat(revoked.exit()).isZero();
        assertThat(revoked.out()).contains(next, "revoked");
        assertThat(Commands.run("keys", "retire", "none", "--data", data).exit())
                .isEqualTo(ExitCode.NO);
        assertThat(Commands.run("keys", "retire", "-none", "--data", data).err())
                .contains("there is no key -none");
        assertThat(Commands.run("keys", "activate", "none", "--forse", "--data", data).exit())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void theOperatorsTokenIsNeeded() throws IOException {
        Ran none = Commands.run("grants", "list", "--management-url", served.managementUrl());
        assertThat(none.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(none.err()).contains("--admin-token-file");
        Path wrong = folder.resolve("wrong-token");
        PrivateFile.write(wrong, dev.tollbridge.bridge.secret.Secret.of("x".repeat(43)));
        Ran refused =
                Commands.run(
                        "grants",
                        "list",
                        "--management-url",
                        served.managementUrl(),
                        "--admin-token-file",
                        wrong.toString());
        assertThat(refused.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("does not take this operator's token");
    }

    @Test
    void wrongFoldersAreSaid() {
        assertThat(Commands.run("audit", "verify", "--data", folder.toString()).err())
                .contains("no data folder of a bridge");
        assertThat(Commands.run("keys", "list", "--data", folder.toString()).exit())
                .isEqualTo(ExitCode.USAGE);
        assertThat(folder.resolve("keys")).doesNotExist();
    }
}
