/// Why an exchange was refused: the closed list of reasons, and the exception that carries one from
/// a step of the pipeline to its end.
///
/// Every step may throw a {@link dev.tollbridge.bridge.refusal.Refusal}; only the exchange catches
/// it. Must not know HTTP, nor any step.
@NullMarked
package dev.tollbridge.bridge.refusal;

import org.jspecify.annotations.NullMarked;
