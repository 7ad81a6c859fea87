package dev.tollbridge.webhook.advise;

/// Something to look at before a sign-in is called safe.
public record Check(String id, String words, String source) {}
