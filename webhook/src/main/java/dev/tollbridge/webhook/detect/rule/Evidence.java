package dev.tollbridge.webhook.detect.rule;

import dev.tollbridge.webhook.detect.Action;
import dev.tollbridge.webhook.detect.Verdict;
import java.util.List;

/// What, in the content itself, makes the verdict another than the detector's own.
///
/// @param when all must hold
public record Evidence(List<FieldRule> when, Verdict verdict, Action action, String because) {}
