/// The record: every decision as one hash-chained JSON line, forced to disk in groups; and the
/// bounded stream of refusals that anybody can cause.
///
/// Written by `exchange` and `ledger`, read by the operator's commands. Must not know what a record
/// is about.
@NullMarked
package dev.tollbridge.bridge.audit;

import org.jspecify.annotations.NullMarked;
