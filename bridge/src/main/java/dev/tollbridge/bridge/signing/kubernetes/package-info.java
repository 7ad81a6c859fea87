/// The bridge's keys in a Kubernetes Secret, for several bridges of one namespace.
///
/// Called by the wiring. Knows the Kubernetes client and what entries are called; must not know
/// what is in them.
@NullMarked
package dev.tollbridge.bridge.signing.kubernetes;

import org.jspecify.annotations.NullMarked;
