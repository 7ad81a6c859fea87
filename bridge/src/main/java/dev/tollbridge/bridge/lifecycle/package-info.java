/// What becomes of an issuance after it was issued: introspection and revocation.
///
/// Called by doors and by the operator's commands. Acts on what the ledger knows and on nothing
/// else.
@NullMarked
package dev.tollbridge.bridge.lifecycle;

import org.jspecify.annotations.NullMarked;
