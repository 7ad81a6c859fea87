/// The ledger for one machine: the hash-chained record is the journal, and what answers questions
/// is an index derived from it.
///
/// Made by the wiring, called through {@link dev.tollbridge.bridge.ledger.Ledger}. Must not know
/// policy, tokens' encoding or HTTP.
@NullMarked
package dev.tollbridge.bridge.ledger.file;

import org.jspecify.annotations.NullMarked;
