/// The one place where patches come from: computed from what was and what is to be.
///
/// Called by `inject` and `approval`. Must not know what an object is.
@NullMarked
package dev.tollbridge.webhook.patch;

import org.jspecify.annotations.NullMarked;
