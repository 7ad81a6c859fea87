package dev.tollbridge.webhook.scan;

/// A file, folder or part of a file that was not looked into.
///
/// @param part within the file; empty for the whole
public record NotInspected(String path, String part, String reason) {}
