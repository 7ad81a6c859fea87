package dev.tollbridge.bridge.audit;

/// The last durable line: whoever keeps one elsewhere can tell whether the record still holds what
/// it held then.
///
/// @param ledger id of the record, `lgr_...`
/// @param seq the line's number
/// @param hash the line's SHA-256, in hexadecimal
public record ChainHead(String ledger, long seq, String hash) {}
