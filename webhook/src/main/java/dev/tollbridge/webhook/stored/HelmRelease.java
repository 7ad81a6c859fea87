package dev.tollbridge.webhook.stored;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.zip.GZIPInputStream;

/// Whether bytes are what Helm 3 keeps of a release (`pkg/storage/driver/util.go`): base64 of the
/// gzip of a JSON object with the release's name, version, chart and manifest.
///
/// The name `sh.helm.release.v1.*` and the type `helm.sh/release.v1` are anybody's to write, so
/// they spare nothing (DESIGN 14, rule 15): only content does.
final class HelmRelease {

    static final String TYPE = "helm.sh/release.v1";
    static final String KEY = "release";

    private static final int MOST_EXPANDED = 64 * 1024 * 1024;
    private static final JsonMapper MAPPER =
            new JsonMapper(
                    JsonFactory.builder()
                            .streamReadConstraints(
                                    StreamReadConstraints.builder()
                                            .maxNestingDepth(256)
                                            .maxStringLength(MOST_EXPANDED)
                                            .build())
                            .build());

    private HelmRelease() {}

    static boolean decodes(byte[] bytes) {
        byte[] packed;
        try {
            packed = Base64.getDecoder().decode(bytes);
        } catch (IllegalArgumentException _) {
            return false;
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] json = in.readNBytes(MOST_EXPANDED + 1);
            return json.length <= MOST_EXPANDED && isRelease(MAPPER.readTree(json));
        } catch (JacksonException _) {
            return false;
        } catch (IOException _) {
            return false;
        }
    }

    private static boolean isRelease(JsonNode release) {
        return !release.path("name").asText().isEmpty()
                && release.path("version").isIntegralNumber()
                && release.path("info").isObject()
                && release.path("chart").path("metadata").isObject()
                && release.path("manifest").isTextual();
    }
}
