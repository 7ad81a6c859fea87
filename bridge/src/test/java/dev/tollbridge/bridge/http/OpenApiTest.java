package dev.tollbridge.bridge.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tollbridge.bridge.operator.Operation;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.testing.PythonPackages;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `docs/openapi.yaml` says what the doors do: no door is missing from it, and it promises none
/// that is not there.
class OpenApiTest {

    private static final Path FILE = Path.of("..", "docs", "openapi.yaml");
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private static JsonNode document;

    @BeforeAll
    static void read() throws IOException {
        document = new YAMLMapper().readTree(FILE.toFile());
    }

    /// By path, `GET form? json?`: what the file says.
    private static Map<String, String> written(boolean management) {
        Map<String, String> doors = new TreeMap<>();
        document.path("paths")
                .properties()
                .forEach(path -> {
                    if (path.getValue().has("servers") != management) {
                        return;
                    }
                    path.getValue()
                            .properties()
                            .forEach(method -> {
                                if (METHODS.contains(method.getKey())) {
                                    doors.merge(
                                            path.getKey(),
                                            described(method.getKey(), method.getValue()),
                                            (a, b) -> a + ", " + b);
                                }
                            });
                });
        return doors;
    }

    private static String described(String method, JsonNode operation) {
        List<String> types = new ArrayList<>();
        operation
                .at("/requestBody/content")
                .fieldNames()
                .forEachRemaining(type -> types.add(type.contains("form") ? "form" : "json"));
        boolean query =
                operation.path("parameters").findValuesAsText("in").stream()
                        .anyMatch("query"::equals);
        return method.toUpperCase(Locale.ROOT)
                + (types.isEmpty() ? "" : " " + String.join(" or ", types))
                + (query ? " with query" : "");
    }

    private static Map<String, String> served(Map<String, Route.Takes> routes) {
        Map<String, String> doors = new TreeMap<>();
        routes.forEach((path, takes) ->
                doors.put(
                        path,
                        switch (takes) {
                            case GET, GET_ALONE -> "GET";
                            // A scraper may choose names; it is nothing to describe.
                            case GET_WITH_QUERY ->
                                    path.equals("/metrics") ? "GET" : "GET with query";
                            case FORM -> "POST form";
                            case JSON -> "POST json";
                            case FORM_OR_JSON -> "POST form or json";
                            case POST -> "POST";
                        }));
        return doors;
    }

    @Test
    void theFileHasEveryDoorAndNoOther() {
        try (RunningBridge bridge = RunningBridge.issuing()) {
            PublicRoutes routes =
                    new PublicRoutes(
                            bridge.ports,
                            new OutcomeAnswers(bridge.ports.revocation(), bridge.metrics));
            assertThat(written(false)).isEqualTo(served(routes.described()));
            ManagementRoutes management =
                    new ManagementRoutes(
                            new ManagementPorts(
                                    () -> new Readiness(true, List.of()),
                                    bridge.metrics,
                                    new FewIssuances(),
                                    bridge.ports.revocation(),
                                    bridge.ports.sessions(),
                                    bridge.ports.operators(),
                                    List::of,
                                    List::of,
                                    List::of,
                                    List::of));
            assertThat(written(true)).isEqualTo(served(management.described()));
        }
    }

    @Test
    void theReasonsAreTheOnesThatCallersAreTold() {
        Set<String> told =
                Arrays.stream(RefusalReason.values())
                        .map(ErrorMapping::told)
                        .map(RefusalReason::code)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(texts("/components/schemas/Reason/enum")).isEqualTo(told);
    }

    @Test
    void theErrorsAreTheOnesThatReasonsAreMappedTo() {
        Set<String> errors = new TreeSet<>();
        for (RefusalReason reason : RefusalReason.values()) {
            for (int i = 0; i < 8; i++) {
                errors.add(ErrorMapping.error(reason, (i & 1) > 0, (i & 2) > 0, (i & 4) > 0));
            }
        }
        assertThat(texts("/components/schemas/Error/properties/error/enum")).isEqualTo(errors);
    }

    @Test
    void operatorsDoorsNameTheVerbAndResourceOfRbac() {
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            if (!path.getKey().startsWith("/admin/v1/")) {
                continue;
            }
            String resource = path.getKey().split("/")[3];
            assertThat(Arrays.stream(Operation.Resource.values()).map(Operation.Resource::code))
                    .contains(resource);
            assertThat(path.getValue().toString()).contains("on `" + resource + "`");
        }
    }

    @Test
    void answersHaveTheMembersThatItSays() throws Exception {
        try (RunningBridge bridge =
                RunningBridge.answering(_ -> List.of(RunningBridge.issued(Set.of("read"))))) {
            hasMembersOf("Issued", bridge.token(RunningBridge.tokenForm()));
            hasMembersOf("Error", bridge.token("grant_type=nothing"));
            HttpResponse<String> nobody = bridge.post("/introspect", RunningBridge.FORM, "token=x");
            assertThat(nobody.statusCode()).isEqualTo(401);
            hasMembersOf("PlainError", nobody);
        }
    }

    private static void hasMembersOf(String schema, HttpResponse<String> answer)
            throws IOException {
        JsonNode described = document.at("/components/schemas/" + schema);
        JsonNode body = new com.fasterxml.jackson.databind.ObjectMapper().readTree(answer.body());
        List<String> members = new ArrayList<>();
        body.fieldNames().forEachRemaining(members::add);
        List<String> properties = new ArrayList<>();
        described.path("properties").fieldNames().forEachRemaining(properties::add);
        assertThat(properties).containsAll(members);
        described.path("required").forEach(name -> assertThat(members).contains(name.asText()));
    }

    @Test
    void aValidatorOfOthersFindsNothingWrong() throws Exception {
        Path python = PythonPackages.python("openapi", List.of("openapi-spec-validator==0.7.1"));
        Process process =
                new ProcessBuilder(
                                python.toString(),
                                "-W",
                                "ignore",
                                "-m",
                                "openapi_spec_validator",
                                FILE.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(said).contains("OK");
    }

    private static Set<String> texts(String at) {
        Set<String> texts = new TreeSet<>();
        document.at(at).forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
