/// Evaluates the detectors over contents: one pass of an automaton chooses the candidates, readers
/// give the structure, rules decide.
///
/// Made by the command line and by admission, through {@link
/// dev.tollbridge.webhook.detect.engine.StandardDetectors}. Must not know where content comes from.
@NullMarked
package dev.tollbridge.webhook.detect.engine;

import org.jspecify.annotations.NullMarked;
