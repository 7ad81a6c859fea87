package dev.tollbridge.bridge.ledger;

/// The right to mint once, given by {@link Ledger#reserve}.
///
/// @param otherPeer whether the same subject token was seen from another address before
public record Reservation(Issuance issuance, boolean otherPeer) {}
