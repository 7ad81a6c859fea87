/// The proof a caller presents: parsed strictly before any JOSE library sees it, verified against
/// its issuer's keys and rules, and read as a workload's identity. Also proofs of possession
/// (DPoP), which are tokens of the same kind.
///
/// The types are the argument: only the parser makes a `SubjectToken`, only the verifier a
/// `VerifiedToken`. Must not know grants, targets or HTTP.
@NullMarked
package dev.tollbridge.bridge.token;

import org.jspecify.annotations.NullMarked;
