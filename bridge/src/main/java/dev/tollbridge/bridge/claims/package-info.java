/// JSON of unknown origin, read strictly: no duplicate names at any depth, bounded depth and size,
/// no trailing bytes.
///
/// Used for token headers and claims, key sets, discovery documents and request bodies. Must not
/// know what the JSON means.
@NullMarked
package dev.tollbridge.bridge.claims;

import org.jspecify.annotations.NullMarked;
