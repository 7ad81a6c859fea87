/// Tests of what CI jobs use: the scripts below `ci-templates`, run by the shells they are made
/// for, against a real bridge.
@NullMarked
package dev.tollbridge.bridge.ci;

import org.jspecify.annotations.NullMarked;
