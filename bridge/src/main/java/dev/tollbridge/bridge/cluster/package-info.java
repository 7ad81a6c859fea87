/// Everything that talks to a Kubernetes API server.
///
/// The only package, beside the Kubernetes minter, that imports the Kubernetes client.
@NullMarked
package dev.tollbridge.bridge.cluster;

import org.jspecify.annotations.NullMarked;
