package dev.tollbridge.webhook.detect;

/// What to do instead of a stored login.
///
/// @param id of the paragraph in docs/advise.md
/// @param words one or two sentences for people
/// @param command how to look further on a terminal
public record Advice(String id, String words, String command) {}
