package dev.tollbridge.bridge.mint.azure;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.mint.provider.ProviderAnswers;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What Entra's error bodies say, without their text: that quotes subjects, tenants and ids.
///
/// The numbers are for the operator only, never for a decision: Microsoft's list of them
/// ("Microsoft Entra authentication and authorization error codes") says that they may change.
final class EntraErrors {

    private static final String NO_CREDENTIAL =
            "no federated credential of the application fits what the bridge showed";

    /// The ones a new target meets. Those of federated credentials are not in Microsoft's list;
    /// they are known from what people report of it.
    private static final Map<Long, String> MEANINGS =
            Map.ofEntries(
                    Map.entry(50027L, "the assertion is not accepted as a token"),
                    Map.entry(53003L, "blocked by conditional access"),
                    Map.entry(70011L, "the scope is not valid"),
                    Map.entry(70021L, NO_CREDENTIAL),
                    Map.entry(90002L, "the tenant is not found in this cloud"),
                    Map.entry(90006L, "temporarily unavailable"),
                    Map.entry(90024L, "a transient error"),
                    Map.entry(90033L, "the directory is not available"),
                    Map.entry(90038L, "the tenant belongs to another national cloud"),
                    Map.entry(90055L, "the tenant is throttled"),
                    Map.entry(500011L, "the resource is not known in the tenant"),
                    Map.entry(530032L, "blocked by a security policy of the tenant"),
                    Map.entry(700016L, "the application is not in the tenant"),
                    Map.entry(700022L, "the scope names more than one resource"),
                    Map.entry(700024L, "the assertion is not within its time: compare the clocks"),
                    Map.entry(700027L, "the assertion's signature does not verify"),
                    Map.entry(700211L, NO_CREDENTIAL + ": the issuer differs"),
                    Map.entry(700212L, NO_CREDENTIAL + ": the audience differs"),
                    Map.entry(700213L, NO_CREDENTIAL + ": the subject differs"),
                    Map.entry(7000112L, "the application is disabled"));

    private EntraErrors() {}

    /// Such as `invalid_client AADSTS700016 (the application is not in the tenant)`.
    static @Nullable String said(Claims body) {
        String error = ProviderAnswers.code(body.get("error"));
        Long number = number(body);
        if (number == null) {
            return error;
        }
        String meaning = MEANINGS.get(number);
        return (error == null ? "" : error + " ")
                + "AADSTS"
                + number
                + (meaning == null ? "" : " (" + meaning + ")");
    }

    private static @Nullable Long number(Claims body) {
        return body.get("error_codes") instanceof List<?> codes
                        && !codes.isEmpty()
                        && codes.getFirst() instanceof Long number
                        && number > 0
                        && number < 100_000_000
                ? number
                : null;
    }
}
