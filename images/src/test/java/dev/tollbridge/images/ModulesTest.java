package dev.tollbridge.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// A module that a runtime leaves out is missed when the first class of it is asked for, which may
/// be an hour after the start.
@DisplayName("The runtime of an image")
class ModulesTest {

    @Test
    void hasEveryModuleThatTheSidecarUses() {
        Path classes = Path.of("..", "sidecar", "target", "classes");
        assertThat(classes)
                .as("built before: ./mvnw -Pimages -pl images -am test")
                .matches(Files::isDirectory);
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int code =
                ToolProvider.findFirst("jdeps")
                        .orElseThrow()
                        .run(
                                out,
                                out,
                                "--print-module-deps",
                                "--ignore-missing-deps",
                                classes.toString());

        assertThat(code).as(said.toString()).isZero();
        assertThat(Product.SIDECAR.modules()).contains(said.toString().strip().split(","));
    }
}
