/// Certificates made in the process: a throwaway authority for the demo and the tests.
///
/// Called by the wiring, the demo and tests. Must not know what is served with them.
@NullMarked
package dev.tollbridge.bridge.tls;

import org.jspecify.annotations.NullMarked;
