package dev.tollbridge.webhook.scan;

import dev.tollbridge.webhook.detect.Finding;

/// A finding and the file it is in.
///
/// @param path as given or as walked to from there, with `/`
public record Located(String path, Finding finding) {}
