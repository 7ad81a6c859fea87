package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.refusal.RefusalReason;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `tollbridge receipt`: why something was refused.
@Command(
        name = "receipt",
        description = "Tells why something was refused: all that the record holds of it.",
        mixinStandardHelpOptions = true,
        exitCodeList = {
            "0:done",
            "1:there is no such receipt",
            "2:wrong usage",
            "3:the bridge cannot be reached"
        },
        footer = {
            "",
            "Example:",
            "  tollbridge receipt rct_01KAH2Q4W0V8M6T3N5R7X9Z1BC --data ./data",
            "",
            "While the bridge is down: tollbridge audit show --receipt ID --data DIR"
        })
final class ReceiptCommand implements Callable<Integer> {

    @Parameters(paramLabel = "ID", description = "What the caller was given, rct_...")
    private String id = "";

    @Mixin private final AdminOption admin = new AdminOption();
    @Mixin private final OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        String receipt = AdminApi.id("ID", id);
        try (AdminApi api = admin.open()) {
            Map<String, @Nullable Object> found = api.get("receipts/" + receipt);
            if (found == null) {
                throw CommandFailure.no(
                        "there is no receipt "
                                + receipt
                                + " (refusals that anybody can cause are sampled and not kept"
                                + " forever)");
            }
            PrintWriter out = output.out();
            if (!output.json() && found.get("reason") instanceof String reason) {
                out.println(sentence(reason));
            }
            RecordText.print(out, found, output.json());
        }
        return ExitCode.DONE;
    }

    private static String sentence(String code) {
        for (RefusalReason reason : RefusalReason.values()) {
            if (reason.code().equals(code)) {
                return reason.sentence();
            }
        }
        return Plain.text(code);
    }
}
