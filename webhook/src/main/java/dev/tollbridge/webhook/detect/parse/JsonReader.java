package dev.tollbridge.webhook.detect.parse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.List;

/// JSON, also with comments, trailing commas, or one value after another: tools write all of that,
/// and a person's file is read leniently by the tool it belongs to.
public final class JsonReader {

    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(TreeBuilder.MAX_DEPTH + 1)
                                    .maxStringLength(64 << 20)
                                    .maxNumberLength(1000)
                                    .maxNameLength(50_000)
                                    .build())
                    // Names are the sender's: they must not stay in a table of ours.
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                    .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                    .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                    .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
                    .build();

    private JsonReader() {}

    /// @return one tree for each value; at least one
    public static List<Node> read(byte[] bytes, int from, int to, Budget budget) throws Unreadable {
        budget.steps(to - from);
        TreeBuilder tree = new TreeBuilder(budget);
        try (JsonParser parser = FACTORY.createParser(bytes, from, to - from)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case START_OBJECT -> tree.begin(true, line(parser));
                    case START_ARRAY -> tree.begin(false, line(parser));
                    case END_OBJECT, END_ARRAY -> tree.end();
                    case FIELD_NAME -> tree.key(parser.currentName());
                    case VALUE_NULL -> tree.scalar(null, line(parser));
                    case VALUE_STRING,
                            VALUE_TRUE,
                            VALUE_FALSE,
                            VALUE_NUMBER_INT,
                            VALUE_NUMBER_FLOAT ->
                            tree.scalar(parser.getText(), line(parser));
                    case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> throw new Unreadable("JSON");
                }
            }
        } catch (IOException e) {
            throw new Unreadable("JSON");
        }
        if (tree.roots().isEmpty()) {
            throw new Unreadable("JSON");
        }
        return tree.roots();
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }
}
