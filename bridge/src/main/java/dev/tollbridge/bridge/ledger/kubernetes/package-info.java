/// The ledger of several bridges in one cluster: issuances and uses of tokens as custom resources.
///
/// Called by the wiring. Knows the Kubernetes client; must not know tokens' encoding, policy or
/// HTTP.
@NullMarked
package dev.tollbridge.bridge.ledger.kubernetes;

import org.jspecify.annotations.NullMarked;
