package dev.tollbridge.bridge.cli;

import picocli.CommandLine.Command;

/// `tollbridge audit`: the record, on the files of the data folder.
@Command(
        name = "audit",
        description = {
            "Checks and shows the record: every decision, granted or refused.",
            "Reads the data folder; works while the bridge runs, and without it."
        },
        mixinStandardHelpOptions = true,
        subcommands = {AuditVerifyCommand.class, AuditHeadCommand.class, AuditShowCommand.class},
        footer = {
            "",
            "Examples:",
            "  tollbridge audit verify --data ./data",
            "  tollbridge audit show --data ./data --since 1h --kind refused"
        })
final class AuditCommand {

    /// Of the data folder.
    static final String FOLDER = "audit";

    private AuditCommand() {}
}
