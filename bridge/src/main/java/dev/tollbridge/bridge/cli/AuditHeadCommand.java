package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.audit.AuditVerification;
import dev.tollbridge.bridge.audit.ChainHead;
import dev.tollbridge.bridge.lifecycle.SignedHead;
import dev.tollbridge.bridge.signing.OwnIssuer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `tollbridge audit head`.
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
final class AuditHeadCommand implements Callable<Integer> {

    @Mixin private final DataOption data = new DataOption();
    @Mixin private final KeyringOption keys = new KeyringOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        Path folder = data.with(AuditCommand.FOLDER);
        ChainHead last;
        try {
            AuditVerification.Result result =
                    AuditVerification.verify(
                            folder.resolve(AuditCommand.FOLDER),
                            null,
                            AuditVerifyCommand.begin(folder, keys),
                            1);
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
        ChainHead signed = last;
        String line =
                keys.with(
                        folder,
                        keyring ->
                                SignedHead.sign(
                                        signed,
                                        keyring.signer(OwnIssuer.BRIDGE),
                                        InstantSource.system().instant()));
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
        return ExitCode.DONE;
    }
}
