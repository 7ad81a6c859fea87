package dev.tollbridge.bridge.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What tools of a pod find at this moment, through every way in which a sidecar hands something
/// over.
///
/// @param dir of the sidecar
/// @param url of its endpoint
record HandedOver(Path dir, String url, HttpClient http) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern KEY_ID = Pattern.compile("aws_access_key_id = (\\S+)");

    /// @param way such as `deploy, endpoint`
    /// @param credential the token, or the id of AWS's keys; empty: there is none
    record Found(String way, String target, boolean byEndpoint, String credential) {
        boolean there() {
            return !credential.isEmpty();
        }
    }

    List<Found> now() throws IOException, InterruptedException {
        List<Found> all = new ArrayList<>();
        all.add(endpoint(PodWorld.AWS, awsEndpoint()));
        all.add(endpoint(PodWorld.GOOGLE, googleTokenUrl()));
        all.add(file(PodWorld.AWS, "credentials.json", "AccessKeyId"));
        Matcher key = KEY_ID.matcher(read(PodWorld.AWS, "aws-credentials"));
        all.add(found(PodWorld.AWS, "aws-credentials", key.find() ? key.group(1) : ""));
        for (String target : List.of(PodWorld.GOOGLE, PodWorld.API)) {
            all.add(file(target, "credentials.json", "access_token"));
            all.add(found(target, "token", read(target, "token")));
        }
        // What the kubeconfig's exec plugin prints.
        all.add(file(PodWorld.KUBERNETES, "credentials.json", "token"));
        all.add(found(PodWorld.KUBERNETES, "token", read(PodWorld.KUBERNETES, "token")));
        return all;
    }

    private static Found endpoint(String target, String credential) {
        return new Found(target + ", endpoint", target, true, credential);
    }

    private static Found found(String target, String file, String credential) {
        return new Found(target + "/" + file, target, false, credential);
    }

    private Found file(String target, String file, String member) throws IOException {
        JsonNode tree = JSON.readTree(read(target, file));
        return found(target, file, tree.path("status").path(member).asText(text(tree, member)));
    }

    private static String text(JsonNode tree, String member) {
        return tree.path(member).asText();
    }

    /// Empty: there is no such file.
    private String read(String target, String file) throws IOException {
        try {
            return Files.readString(dir.resolve(target).resolve(file));
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private String awsEndpoint() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/aws/" + PodWorld.AWS))
                        .header("Authorization", bearer())
                        .build();
        return given(request, "AccessKeyId");
    }

    private String googleTokenUrl() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/token"))
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "audience="
                                                + PodWorld.GOOGLE
                                                + "&subject_token="
                                                + URLEncoder.encode(
                                                        bearer(), StandardCharsets.UTF_8)))
                        .build();
        return given(request, "access_token");
    }

    private String bearer() throws IOException {
        return Files.readString(dir.resolve("bearer"));
    }

    /// Who has none to give says that it is only for now, so that SDKs ask again.
    private String given(HttpRequest request, String member)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 503) {
            return "";
        }
        if (answer.statusCode() != 200) {
            throw new AssertionError(request.uri().getPath() + ": " + answer.statusCode());
        }
        return text(JSON.readTree(answer.body()), member);
    }
}
