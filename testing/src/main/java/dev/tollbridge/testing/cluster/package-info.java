/// A real Kubernetes API server for tests.
@NullMarked
package dev.tollbridge.testing.cluster;

import org.jspecify.annotations.NullMarked;
