package dev.tollbridge.webhook.approval;

import com.fasterxml.jackson.databind.JsonNode;

/// Who may approve exemptions.
@FunctionalInterface
public interface Approvals {

    /// @param userInfo as the API server says who asks
    /// @throws RuntimeException when it cannot be known
    boolean mayApprove(JsonNode userInfo, String exemption);
}
