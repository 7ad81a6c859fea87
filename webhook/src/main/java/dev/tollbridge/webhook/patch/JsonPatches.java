package dev.tollbridge.webhook.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.fabric8.zjsonpatch.DiffFlags;
import io.fabric8.zjsonpatch.JsonDiff;
import java.util.EnumSet;

/// The one differ: RFC 6902 from before and after. No patch is assembled by hand.
public final class JsonPatches {

    /// Moves and copies are shorter and harder to read in an audit log.
    private static final EnumSet<DiffFlags> PLAIN =
            EnumSet.of(
                    DiffFlags.OMIT_MOVE_OPERATION,
                    DiffFlags.OMIT_COPY_OPERATION,
                    DiffFlags.OMIT_VALUE_ON_REMOVE);

    private JsonPatches() {}

    public static ArrayNode between(JsonNode before, JsonNode after) {
        return (ArrayNode) JsonDiff.asJson(before, after, PLAIN);
    }
}
