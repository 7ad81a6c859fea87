package dev.tollbridge.bridge.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tollbridge grants`: what is granted, and whether anybody uses it.
@Command(
        name = "grants",
        description = "Shows the grants of a running bridge and when each was last used.",
        mixinStandardHelpOptions = true,
        subcommands = {GrantsCommand.ListGrants.class, GrantsCommand.UnusedGrants.class},
        footer = {
            "",
            "Examples:",
            "  tollbridge grants list --data ./data",
            "  tollbridge grants unused --for 30d --data ./data"
        })
final class GrantsCommand {

    private GrantsCommand() {}

    @Command(
            name = "list",
            description = "Lists the grants that are loaded.",
            mixinStandardHelpOptions = true,
            exitCodeList = {"0:done", "2:wrong usage", "3:the bridge cannot be reached"},
            footer = {"", "Example:", "  tollbridge grants list --data ./data --output json"})
    static final class ListGrants implements Callable<Integer> {

        @Mixin private final AdminOption admin = new AdminOption();
        @Mixin private final OutputOption output = new OutputOption();

        @Override
        public Integer call() {
            try (AdminApi api = admin.open()) {
                print(output, api.list("grants", Map.of()));
            }
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "unused",
            description = {
                "Lists grants that nobody used lately, to be taken away.",
                "What the record no longer holds counts as unused."
            },
            mixinStandardHelpOptions = true,
            exitCodeList = {
                "0:done, whether there are any or not",
                "2:wrong usage",
                "3:the bridge cannot be reached"
            },
            footer = {"", "Example:", "  tollbridge grants unused --for 30d --data ./data"})
    static final class UnusedGrants implements Callable<Integer> {

        @Option(
                names = "--for",
                paramLabel = "SPAN",
                defaultValue = "30d",
                description = "Not used for so long. Default: ${DEFAULT-VALUE}.")
        private String span = "30d";

        @Mixin private final AdminOption admin = new AdminOption();
        @Mixin private final OutputOption output = new OutputOption();

        @Override
        public Integer call() {
            Instant from = Instant.now().minus(PastTime.span("--for", span));
            try (AdminApi api = admin.open()) {
                print(
                        output,
                        api.list("grants", Map.of()).stream()
                                .filter(grant -> unusedSince(from, grant.get("last_used")))
                                .toList());
            }
            return ExitCode.DONE;
        }

        private static boolean unusedSince(Instant from, @Nullable Object lastUsed) {
            return !(lastUsed instanceof String time) || Instant.parse(time).isBefore(from);
        }
    }

    private static void print(OutputOption output, List<Map<String, @Nullable Object>> grants) {
        PrintWriter out = output.out();
        if (output.json()) {
            out.println(JsonOutput.pretty(Map.of("grants", grants)));
            out.flush();
            return;
        }
        Table table =
                new Table("GRANT", "ISSUER", "TARGETS", "STATE", "LAST USED", "OWNER", "PLACE");
        for (Map<String, @Nullable Object> each : grants) {
            table.row(
                    each.get("name"),
                    each.get("issuer"),
                    each.get("targets") instanceof List<?> targets
                            ? String.join(",", targets.stream().map(String::valueOf).toList())
                            : null,
                    Boolean.TRUE.equals(each.get("enabled")) ? each.get("mode") : "disabled",
                    each.get("last_used"),
                    each.get("owner"),
                    each.get("place"));
        }
        table.print(out);
    }
}
