/// Turns a decision into a credential. One class per kind of target behind one small port, listed
/// in one place.
///
/// Called by `exchange` only. A minter sees its decision and its own settings, nothing else.
@NullMarked
package dev.tollbridge.bridge.mint;

import org.jspecify.annotations.NullMarked;
