/// Mints service-account tokens of Kubernetes clusters by TokenRequest, and ends those that are
/// bound to a Secret of the bridge's own.
///
/// Beside `cluster` the only package that imports the Kubernetes client.
@NullMarked
package dev.tollbridge.bridge.mint.kubernetes;

import org.jspecify.annotations.NullMarked;
