package dev.tollbridge.bridge.http;

import java.nio.file.Path;

/// A certificate chain and its private key, both PEM. Looked at again while serving: a renewed pair
/// is used for new connections without a restart.
public record TlsFiles(Path certificate, Path key) {}
