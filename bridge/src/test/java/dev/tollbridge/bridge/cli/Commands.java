package dev.tollbridge.bridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import picocli.CommandLine;

/// Runs commands as the process would, and keeps what they print.
final class Commands {

    private Commands() {}

    record Ran(int exit, String out, String err) {
        JsonNode json() {
            try {
                return new ObjectMapper().readTree(out);
            } catch (JsonProcessingException e) {
                throw new AssertionError("not JSON: " + out, e);
            }
        }
    }

    static Ran run(String... args) {
        return run(Map.of(), args);
    }

    /// @param environment what `exchange` finds in place of the process's variables
    static Ran run(Map<String, String> environment, String... args) {
        CommandLine commandLine = TollbridgeCommand.commandLine(args);
        CommandLine exchange = commandLine.getSubcommands().get("exchange");
        if (exchange != null) {
            exchange.<ExchangeCommand>getCommand().environment = environment::get;
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        int exit = commandLine.execute(args);
        return new Ran(exit, out.toString(), err.toString());
    }
}
