package dev.tollbridge.bridge.exchange;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What every door calls.
public interface Exchange {

    /// Takes a request in. Waits for nothing and never throws: what is wrong with the request is an
    /// outcome.
    ReceivedExchange receive(ExchangeRequest request);

    /// The whole exchange. Blocks; call it on a virtual thread.
    ///
    /// @return one outcome per target, in the request's order
    default List<ExchangeOutcome> exchange(ExchangeRequest request) {
        return receive(request).proceed().join();
    }

    /// What would be decided for the request's first target, condition by condition. Mints nothing,
    /// takes no use of the token.
    ///
    /// @return a tree of JSON values: maps, lists, strings, numbers, booleans
    Map<String, @Nullable Object> explain(ExchangeRequest request);
}
