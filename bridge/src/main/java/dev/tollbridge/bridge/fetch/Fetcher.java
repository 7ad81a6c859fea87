package dev.tollbridge.bridge.fetch;

/// One request to somebody else's server.
public interface Fetcher {

    /// Sends the request and reads the whole answer. Blocks, at most for the request's deadline: to
    /// be called on a virtual thread, never on an event loop.
    ///
    /// @return an answer of any status but 3xx
    /// @throws FetchFailure when there is no answer within the rules
    FetchResponse send(FetchRequest request) throws FetchFailure;
}
