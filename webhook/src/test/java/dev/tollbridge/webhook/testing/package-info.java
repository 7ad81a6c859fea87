/// What tests of several packages share: detectors that find marked words, reviews, case files.
@NullMarked
package dev.tollbridge.webhook.testing;

import org.jspecify.annotations.NullMarked;
