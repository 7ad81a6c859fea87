package dev.tollbridge.webhook.detect.rule;

import java.util.List;

/// A command that begins a login: a program, the words that follow it, options that must or must
/// not be there.
///
/// @param program its name, without folder
/// @param words that follow, in order, options left out
/// @param with options of which one must be there; none: any
/// @param unless options, or words, of which none may be there
public record Command(String program, List<String> words, List<String> with, List<String> unless) {}
