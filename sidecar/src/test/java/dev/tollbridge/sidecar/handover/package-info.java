/// Tests of the files tools read.
@NullMarked
package dev.tollbridge.sidecar.handover;

import org.jspecify.annotations.NullMarked;
