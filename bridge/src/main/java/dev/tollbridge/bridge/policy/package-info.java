/// What a workload may have: grants found by index, matched exactly, then by condition; scope and
/// lifetime that only narrow. Also what explains, tests and lints grants.
///
/// Only this package can make a `Decision`. Must not know tokens' encoding, the network, the ledger
/// or HTTP.
@NullMarked
package dev.tollbridge.bridge.policy;

import org.jspecify.annotations.NullMarked;
