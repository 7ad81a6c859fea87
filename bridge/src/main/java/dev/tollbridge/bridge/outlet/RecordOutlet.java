package dev.tollbridge.bridge.outlet;

import java.util.List;

/// A place that lines of the record are sent to.
@FunctionalInterface
public interface RecordOutlet {

    /// Delivers the lines, all or none as far as it can tell. May block for some seconds.
    ///
    /// @param lines JSON objects in UTF-8, without line feed
    /// @throws OutletFailure when they did not arrive, or will never be taken
    void send(List<byte[]> lines) throws OutletFailure;
}
