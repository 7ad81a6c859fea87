package dev.tollbridge.bridge.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tollbridge issuances`: who got what, when and until when.
@Command(
        name = "issuances",
        description = "Shows what a running bridge has issued: to whom, what for, until when.",
        mixinStandardHelpOptions = true,
        subcommands = {IssuancesCommand.ListIssuances.class, IssuancesCommand.ShowIssuance.class},
        footer = {
            "",
            "Examples:",
            "  tollbridge issuances list --data ./data --since 1h",
            "  tollbridge issuances show iss_01KAH2Q4W0V8M6T3N5R7X9Z1BC --data ./data"
        })
final class IssuancesCommand {

    private IssuancesCommand() {}

    /// Newest first.
    @Command(
            name = "list",
            description = "Lists issuances, newest first.",
            mixinStandardHelpOptions = true,
            exitCodeList = {
                "0:done, whether there are any or not",
                "2:wrong usage",
                "3:the bridge cannot be reached"
            },
            footer = {
                "",
                "Examples:",
                "  tollbridge issuances list --data ./data",
                "  tollbridge issuances list --data ./data --target internal-api --since 24h --output json"
            })
    static final class ListIssuances implements Callable<Integer> {

        @Mixin private final AdminOption admin = new AdminOption();

        @Mixin private final FilterOption filter = new FilterOption();

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "100",
                description = "At most so many, up to 1000. Default: ${DEFAULT-VALUE}.")
        private int limit = 100;

        @Mixin private final OutputOption output = new OutputOption();

        @Override
        public Integer call() {
            if (limit < 1 || limit > 1000) {
                throw CommandFailure.usage("--limit is a number from 1 to 1000");
            }
            Map<String, @Nullable String> query = new LinkedHashMap<>();
            query.put("subject", filter.subject());
            query.put("target", filter.target());
            query.put("since", Objects.toString(filter.since(), null));
            query.put("limit", Integer.toString(limit));
            try (AdminApi api = admin.open()) {
                print(api.list("issuances", query));
            }
            return ExitCode.DONE;
        }

        private void print(List<Map<String, @Nullable Object>> issuances) {
            PrintWriter out = output.out();
            if (output.json()) {
                out.println(JsonOutput.pretty(Map.of("issuances", issuances)));
                out.flush();
                return;
            }
            Table table =
                    new Table(
                            "ISSUANCE",
                            "TIME",
                            "STATUS",
                            "SUBJECT",
                            "TARGET",
                            "GRANT",
                            "EXPIRES",
                            "REVOCABLE");
            for (Map<String, @Nullable Object> each : issuances) {
                table.row(
                        each.get("id"),
                        each.get("time"),
                        each.get("status"),
                        each.get("subject"),
                        each.get("target"),
                        each.get("grant"),
                        each.get("expires"),
                        revocable(each));
            }
            table.print(out);
        }
    }

    /// Whether its provider can be told to end it before its time.
    private static String revocable(Map<String, @Nullable Object> issuance) {
        return Boolean.TRUE.equals(issuance.get("revocable")) ? "yes" : "no";
    }

    /// All that the record holds of one.
    @Command(
            name = "show",
            description = "Shows all that is known about one issuance.",
            mixinStandardHelpOptions = true,
            exitCodeList = {
                "0:done",
                "1:there is no such issuance",
                "2:wrong usage",
                "3:the bridge cannot be reached"
            },
            footer = {
                "",
                "Example:",
                "  tollbridge issuances show iss_01KAH2Q4W0V8M6T3N5R7X9Z1BC --data ./data"
            })
    static final class ShowIssuance implements Callable<Integer> {

        @Parameters(paramLabel = "ISSUANCE", description = "Its id, iss_...")
        private String id = "";

        @Mixin private final AdminOption admin = new AdminOption();
        @Mixin private final OutputOption output = new OutputOption();

        @Override
        public Integer call() {
            String issuance = AdminApi.id("ISSUANCE", id);
            try (AdminApi api = admin.open()) {
                Map<String, @Nullable Object> found = api.get("issuances/" + issuance);
                if (found == null) {
                    throw CommandFailure.no("there is no issuance " + issuance);
                }
                RecordText.print(output.out(), found, output.json());
            }
            return ExitCode.DONE;
        }
    }
}
