package dev.tollbridge.webhook.detect;

/// What is proven about the login behind a finding. What is done about it is {@link Action}.
public enum Verdict {
    /// Made by a device-code login (RFC 8628): the tool has no other, or the content says so.
    DEVICE_CODE("device code proven"),

    /// Made by a person's login; which flow it was is not recorded.
    HUMAN_LOGIN("human login proven"),

    /// A refresh token or session that a workload could own as well.
    UNKNOWN_OWNER("refresh token of unknown owner");

    private final String words;

    Verdict(String words) {
        this.words = words;
    }

    /// As reports and denials say it.
    public String words() {
        return words;
    }
}
