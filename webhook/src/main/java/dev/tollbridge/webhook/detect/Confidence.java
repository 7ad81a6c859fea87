package dev.tollbridge.webhook.detect;

/// How sure a finding is. Two independent signs, such as fields and the shape of a value, are high.
public enum Confidence {
    HIGH,
    MEDIUM,
    LOW
}
