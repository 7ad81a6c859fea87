/// Reads foreign bytes into one kind of tree: JSON, YAML, TOML, INI, env files, SQLite, base64,
/// archives, command lines.
///
/// Called by the engine. Every reader spends from one {@link
/// dev.tollbridge.webhook.detect.parse.Budget}, so that work is linear in what was given whatever
/// was given. Must not know any detector.
@NullMarked
package dev.tollbridge.webhook.detect.parse;

import org.jspecify.annotations.NullMarked;
