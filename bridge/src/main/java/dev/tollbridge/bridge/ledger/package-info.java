/// The durable store of issuances: also the replay guard, the revocation list and the kill
/// switches.
///
/// Called by `exchange` and by the doors that read or revoke. Must not know tokens' encoding,
/// policy or HTTP.
@NullMarked
package dev.tollbridge.bridge.ledger;

import org.jspecify.annotations.NullMarked;
