/// How credentials reach tools: files in a folder of the pod's memory.
@NullMarked
package dev.tollbridge.sidecar.handover;

import org.jspecify.annotations.NullMarked;
