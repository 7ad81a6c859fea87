package dev.tollbridge.bridge.claims;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.ObjectMapper;

/// JSON for whatever is written once per exchange. Jackson's own pool of buffers is one per thread,
/// which with a virtual thread per exchange is none: a sixth of all that an exchange allocates.
public final class PooledJson {

    public static final JsonFactory FACTORY =
            JsonFactory.builder().recyclerPool(JsonRecyclerPools.newConcurrentDequePool()).build();

    public static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

    private PooledJson() {}
}
