/// An AWS of the tests: STS that verifies what it is shown, services that verify signatures, and
/// the clients that people use with them.
@NullMarked
package dev.tollbridge.bridge.testing.aws;

import org.jspecify.annotations.NullMarked;
