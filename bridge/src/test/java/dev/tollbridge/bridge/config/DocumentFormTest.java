package dev.tollbridge.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What lies outside a document is a file for a file, and an entry of a Secret for a resource.
class DocumentFormTest {

    private static final String WITH_FILE =
            """
            apiVersion: tollbridge.dev/v1alpha1
            kind: Target
            metadata: {name: app}
            spec:
              owner: team-payments@acme.example
              github:
                appId: "1"
                privateKey: app.pem
                owner: acme
                repositories: [payments]
                permissions: {contents: read}
            """;

    private static final String WITH_SECRET =
            WITH_FILE.replace(
                    "privateKey: app.pem", "privateKeySecretRef: {name: app, key: key.pem}");

    @Test
    void aFileNamesAFile() {
        assertThat(problems(DocumentForm.FILE, WITH_FILE)).isEmpty();
        assertThat(problems(DocumentForm.FILE, WITH_SECRET))
                .extracting(Problem::rule)
                .contains("secret-reference");
    }

    @Test
    @DisplayName("DESIGN 14 rule 2: a custom resource names no file path")
    void rule2_aResourceNamesAnEntryOfASecret() {
        assertThat(problems(DocumentForm.RESOURCE, WITH_SECRET)).isEmpty();

        List<Problem> problems = problems(DocumentForm.RESOURCE, WITH_FILE);

        assertThat(problems).extracting(Problem::rule).contains("file-path");
        assertThat(problems)
                .extracting(Problem::path)
                .contains("Target/app spec.github.privateKey");
    }

    @Test
    void whatCouldBeWrittenInsteadIsOfTheSameForm() {
        String neither = WITH_FILE.replace("    privateKey: app.pem\n", "");

        assertThat(problems(DocumentForm.FILE, neither))
                .extracting(Problem::message)
                .containsExactly("the field 'privateKey' is missing");
        assertThat(problems(DocumentForm.RESOURCE, neither))
                .extracting(Problem::message)
                .containsExactly("the field 'privateKeySecretRef' is missing");
    }

    private static List<Problem> problems(DocumentForm form, String text) {
        DocumentReader reader = new DocumentReader(LocalDate.of(2026, 11, 21), form);
        reader.read("app", text);
        return reader.loaded().problems();
    }
}
