/// The one way from a subject token to a credential: receive, parse, resolve, verify, decide,
/// reserve, mint, record.
///
/// Called by every door. Must not know HTTP. Everything it calls refuses by throwing; only this
/// package catches.
@NullMarked
package dev.tollbridge.bridge.exchange;

import org.jspecify.annotations.NullMarked;
