package dev.tollbridge.bridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollbridge.bridge.operator.Operation;
import dev.tollbridge.bridge.operator.OperatorVerdict;
import dev.tollbridge.bridge.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTokenTest {

    @TempDir Path data = Path.of("");

    @Test
    @DisplayName("DESIGN 14 rule 7: the admin token is a 0600 file in the data folder")
    void rule7_makesAFileThatOnlyItsOwnerMayRead() throws IOException {
        AdminToken made = AdminToken.openOrCreate(data);
        Path file = data.resolve("admin-token");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(AdminToken.openOrCreate(data).secret()).isEqualTo(made.secret());
        Operation operation = Operation.list(Operation.Resource.ISSUANCES);
        assertThat(made.judge(made.secret(), operation))
                .isEqualTo(new OperatorVerdict.Admitted("admin-token"));
        assertThat(made.judge(Secret.of("something else"), operation))
                .isEqualTo(new OperatorVerdict.Nobody());
    }

    @Test
    void refusesAFileThatOthersMayReadAndALink() throws IOException {
        AdminToken.openOrCreate(data);
        Path file = data.resolve("admin-token");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> AdminToken.open(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("0600");
        Path link = Files.createSymbolicLink(data.resolve("link"), file);
        assertThatThrownBy(() -> AdminToken.open(link)).isInstanceOf(IOException.class);
        Path shorter = Files.writeString(data.resolve("short"), "x");
        Files.setPosixFilePermissions(shorter, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> AdminToken.open(shorter)).isInstanceOf(IOException.class);
    }
}
