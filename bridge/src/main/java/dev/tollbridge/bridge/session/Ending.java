package dev.tollbridge.bridge.session;

/// Ends an issuance early: in the ledger, and at its provider where that can be.
@FunctionalInterface
public interface Ending {

    /// @param by who asks, for the record
    void end(String issuance, String by);
}
