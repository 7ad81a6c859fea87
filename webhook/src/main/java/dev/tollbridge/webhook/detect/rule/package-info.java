/// The detectors as data: what a detector is, the little language of its rules, and the catalogue
/// that is shipped.
///
/// Called by the engine and by the documentation's test. Must not read content itself.
@NullMarked
package dev.tollbridge.webhook.detect.rule;

import org.jspecify.annotations.NullMarked;
