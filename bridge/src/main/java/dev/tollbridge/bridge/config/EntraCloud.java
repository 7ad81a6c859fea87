package dev.tollbridge.bridge.config;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The clouds of Microsoft Entra ID. Each has a login endpoint of its own, and takes federated
/// tokens with an audience of its own (Microsoft Learn, "National clouds", "Important
/// considerations and restrictions for federated identity credentials").
public enum EntraCloud {
    PUBLIC("https://login.microsoftonline.com", "api://AzureADTokenExchange"),
    US_GOVERNMENT("https://login.microsoftonline.us", "api://AzureADTokenExchangeUSGov"),
    CHINA("https://login.partner.microsoftonline.cn", "api://AzureADTokenExchangeChina");

    private final String authority;
    private final String audience;

    EntraCloud(String authority, String audience) {
        this.authority = authority;
        this.audience = audience;
    }

    /// Its login endpoint, without a slash at its end.
    public String authority() {
        return authority;
    }

    /// The `aud` of what is shown there.
    public String audience() {
        return audience;
    }

    /// The cloud whose own endpoint this is; empty for an endpoint of somebody else's.
    ///
    /// @param written null: not written, which means the public cloud
    public static Optional<EntraCloud> of(@Nullable String written) {
        if (written == null) {
            return Optional.of(PUBLIC);
        }
        String plain = written.endsWith("/") ? written.substring(0, written.length() - 1) : written;
        return Arrays.stream(values()).filter(cloud -> cloud.authority.equals(plain)).findFirst();
    }
}
