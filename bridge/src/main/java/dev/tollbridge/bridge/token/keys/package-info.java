/// The keys of trusted issuers: which published keys are good enough (admission), and how they are
/// fetched, kept, refreshed and, during an outage, believed for a bounded time.
///
/// Called by `token` through its port {@link dev.tollbridge.bridge.token.IssuerKeys}, by the wiring
/// and by what shows an issuer's state. Must not know tokens: it never sees one, only a key id.
@NullMarked
package dev.tollbridge.bridge.token.keys;

import org.jspecify.annotations.NullMarked;
