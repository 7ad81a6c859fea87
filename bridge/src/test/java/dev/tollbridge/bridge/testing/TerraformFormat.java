package dev.tollbridge.bridge.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes a Terraform file as Terraform writes it: by `terraform fmt`, or where there is none by
/// the formatter of its language, a Go module that is built once into the user's cache. Either
/// refuses what it cannot parse.
public final class TerraformFormat {

    private static final String MODULE = "github.com/hashicorp/hcl/v2/cmd/hclfmt@v2.24.0";

    private TerraformFormat() {}

    /// @throws AssertionError when it is no Terraform, or nothing here can tell
    public static String of(String text) throws IOException, InterruptedException {
        Path known = onPath("terraform");
        List<String> command =
                known == null
                        ? List.of(formatter().toString())
                        : List.of(known.toString(), "fmt", "-");
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(text.getBytes(StandardCharsets.UTF_8));
        }
        String formatted =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(command + " cannot read:\n" + text);
        }
        return formatted;
    }

    private static Path formatter() throws IOException, InterruptedException {
        Path bin = Path.of(System.getProperty("user.home"), ".cache", "tollbridge", "bin");
        Path built = bin.resolve("hclfmt");
        if (Files.isExecutable(built)) {
            return built;
        }
        Path go = onPath("go");
        if (go == null) {
            go = Path.of("/usr/local/go/bin/go");
        }
        ProcessBuilder builder = new ProcessBuilder(go.toString(), "install", MODULE).inheritIO();
        builder.environment().put("GOBIN", bin.toString());
        try {
            if (builder.start().waitFor() == 0) {
                return built;
            }
        } catch (IOException e) {
            // Said below.
        }
        throw new AssertionError("this test needs terraform, or Go to build " + MODULE);
    }

    private static @Nullable Path onPath(String command) {
        for (String folder : System.getenv("PATH").split(":")) {
            Path file = Path.of(folder, command);
            if (Files.isExecutable(file)) {
                return file;
            }
        }
        return null;
    }
}
