package dev.tollbridge.webhook.detect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.webhook.detect.engine.StandardDetectors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/// The same credentials written and packed differently, and under a name that says nothing: what
/// the bytes prove stays proven, and what is clean stays clean.
class VariantsTest {

    private static final Path SAMPLES = Path.of("src/test/resources/detect/samples");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Detectors detectors =
            StandardDetectors.shipped(
                    Fingerprints.keyed("a key for these tests".getBytes(StandardCharsets.UTF_8)));

    private record Variant(String name, UnaryOperator<byte[]> change) {}

    /// For every content.
    private static List<Variant> packings() {
        return List.of(
                new Variant("as it is", bytes -> bytes),
                new Variant("base64", VariantsTest::base64),
                new Variant("base64, wrapped", bytes -> Base64.getMimeEncoder().encode(bytes)),
                new Variant("base64 twice", bytes -> base64(base64(bytes))),
                new Variant("base64 in a variable", bytes -> text("BLOB=" + ascii(base64(bytes)))),
                new Variant("gzip", VariantsTest::gzip),
                new Variant("base64 of gzip", bytes -> base64(gzip(bytes))),
                new Variant("zip", VariantsTest::zip),
                new Variant("tar", VariantsTest::tar),
                new Variant("Secret", bytes -> secret(bytes)),
                new Variant(
                        "Secret of base64 in JSON",
                        bytes ->
                                text(
                                        "{\"kind\":\"Secret\",\"data\":{\"blob\":\""
                                                + ascii(base64(base64(bytes)))
                                                + "\"}}")));
    }

    /// For texts.
    private static List<Variant> texts() {
        return List.of(
                new Variant("CRLF", bytes -> text(utf8(bytes).replace("\n", "\r\n"))),
                new Variant("byte order mark", bytes -> text("\uFEFF" + utf8(bytes))),
                new Variant("UTF-16", bytes -> utf8(bytes).getBytes(StandardCharsets.UTF_16)),
                new Variant("ConfigMap", bytes -> configMap(utf8(bytes))),
                new Variant(
                        "a string in JSON",
                        bytes -> json(JSON.createObjectNode().put("content", utf8(bytes)), false)),
                new Variant("after other lines", bytes -> text("# copied\n\n" + utf8(bytes))));
    }

    /// For JSON.
    private static List<Variant> documents() {
        return List.of(
                new Variant("one line", bytes -> json(tree(bytes), false)),
                new Variant("indented", bytes -> json(tree(bytes), true)),
                new Variant("keys reversed", bytes -> json(reversed(tree(bytes)), false)),
                new Variant("further fields", bytes -> json(extended(tree(bytes)), true)),
                new Variant("YAML", bytes -> yaml(tree(bytes))),
                new Variant("letters as escapes", bytes -> escaped(tree(bytes))),
                new Variant(
                        "inside another document",
                        bytes ->
                                json(
                                        JSON.createObjectNode()
                                                .put("replicas", 2)
                                                .set("credential", tree(bytes)),
                                        true)),
                new Variant(
                        "in a log",
                        bytes ->
                                text(
                                        "2026-11-21T10:00:00Z wrote "
                                                + ascii(json(tree(bytes), false))
                                                + "\ndone\n")));
    }

    @TestFactory
    Stream<DynamicTest> everySampleInEveryForm() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode sample : JSON.readTree(SAMPLES.resolve("index.json").toFile())) {
            String file = sample.get("file").asText();
            byte[] bytes = Files.readAllBytes(SAMPLES.resolve(file));
            boolean blocks = sample.get("expect").asText().equals("block");
            // Where only a name tells, the variants keep it.
            List<Variant> variants = new ArrayList<>(packings());
            if (!file.endsWith(".db")) {
                variants.addAll(texts());
            }
            if (file.endsWith(".json")) {
                variants.addAll(documents());
            }
            for (Variant variant : variants) {
                tests.add(
                        DynamicTest.dynamicTest(
                                file + ", " + variant.name(),
                                () -> judge(variant.change().apply(bytes), blocks)));
            }
        }
        return tests.stream();
    }

    private void judge(byte[] bytes, boolean blocks) {
        Judgement judgement = detectors.judge(Content.file("blob", bytes));

        assertThat(judgement.uninspected()).isEmpty();
        assertThat(judgement.blocks()).as(judgement.toString()).isEqualTo(blocks);
    }

    private static byte[] base64(byte[] bytes) {
        return Base64.getEncoder().encode(bytes);
    }

    private static String ascii(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] secret(byte[] bytes) {
        return text(
                "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n---\n# another\n"
                        + "apiVersion: v1\nkind: Secret\nmetadata:\n  name: b\ndata:\n  blob: "
                        + ascii(base64(bytes))
                        + "\n");
    }

    private static byte[] configMap(String content) {
        return text(
                new Dump(DumpSettings.builder().build())
                        .dumpToString(
                                Map.of(
                                        "apiVersion",
                                        "v1",
                                        "kind",
                                        "ConfigMap",
                                        "data",
                                        Map.of("blob", content))));
    }

    private static JsonNode tree(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] json(JsonNode tree, boolean pretty) {
        return text(pretty ? tree.toPrettyString() : tree.toString());
    }

    private static JsonNode reversed(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode reversed = JSON.createObjectNode();
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            Collections.reverse(names);
            names.forEach(name -> reversed.set(name, reversed(object.get(name))));
            return reversed;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode items = JSON.createArrayNode();
            array.forEach(item -> items.add(reversed(item)));
            return items;
        }
        return node;
    }

    private static JsonNode extended(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = object.deepCopy();
            copy.put("x_note", "added by a later version").putArray("x_list").add(1).addNull();
            return copy;
        }
        return node;
    }

    private static byte[] yaml(JsonNode tree) {
        return text(
                new Dump(
                                DumpSettings.builder()
                                        .setDefaultFlowStyle(
                                                org.snakeyaml.engine.v2.common.FlowStyle.BLOCK)
                                        .build())
                        .dumpToString(JSON.convertValue(tree, Object.class)));
    }

    /// Every letter of every name and value.
    private static byte[] escaped(JsonNode tree) {
        ObjectMapper mapper =
                JsonMapper.builder()
                        .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                        .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                        .build();
        mapper.getFactory()
                .setCharacterEscapes(
                        new com.fasterxml.jackson.core.io.CharacterEscapes() {
                            @Override
                            public int[] getEscapeCodesForAscii() {
                                int[] codes = standardAsciiEscapesForJSON();
                                for (int c = 'a'; c <= 'z'; c++) {
                                    codes[c] = ESCAPE_STANDARD;
                                }
                                return codes;
                            }

                            @Override
                            public com.fasterxml.jackson.core.SerializableString getEscapeSequence(
                                    int c) {
                                throw new IllegalStateException();
                            }
                        });
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = mapper.createGenerator(out)) {
            mapper.writeTree(generator, tree);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    private static byte[] zip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("a/first"));
            zip.putNextEntry(new ZipEntry("a/blob"));
            zip.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    private static byte[] tar(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] header = new byte[512];
        byte[] name = text("home/blob");
        System.arraycopy(name, 0, header, 0, name.length);
        byte[] size = text("%011o".formatted(bytes.length));
        System.arraycopy(size, 0, header, 124, size.length);
        header[156] = '0';
        System.arraycopy(text("ustar"), 0, header, 257, 5);
        out.writeBytes(header);
        out.writeBytes(bytes);
        out.writeBytes(new byte[(512 - bytes.length % 512) % 512 + 1024]);
        return out.toByteArray();
    }
}
