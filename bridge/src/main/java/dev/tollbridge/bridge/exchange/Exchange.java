package dev.tollbridge.bridge.exchange;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What every door calls. Blocks; call it on a virtual thread.
public interface Exchange {

    /// @return one outcome per target, in the request's order. Never throws: what fails inside is
    ///   an outcome too
    List<ExchangeOutcome> exchange(ExchangeRequest request);

    /// What would be decided for the request's first target, condition by condition. Mints nothing,
    /// takes no use of the token.
    ///
    /// @return a tree of JSON values: maps, lists, strings, numbers, booleans
    Map<String, @Nullable Object> explain(ExchangeRequest request);
}
