package dev.tollbridge.bridge.setup;

import dev.tollbridge.bridge.config.TargetSpec.Google;
import dev.tollbridge.bridge.mint.federation.FederationTokens;
import dev.tollbridge.bridge.signing.OwnIssuer;
import dev.tollbridge.bridge.target.Target;
import org.jspecify.annotations.Nullable;

/// What the names in a Google target mean on Google's side.
///
/// @param project its number
/// @param issuer the bridge's, for clouds
/// @param subject the one subject that the pool is to take
record GooglePool(
        String project,
        String pool,
        String provider,
        String issuer,
        String subject,
        @Nullable String serviceAccount) {

    static GooglePool of(Target target, String externalUrl) {
        Google google = (Google) target.settings();
        // Its form has been checked where the document was read.
        String[] part = google.audience().split("/", -1);
        return new GooglePool(
                part[4],
                part[8],
                part[10],
                OwnIssuer.FEDERATION.url(externalUrl),
                FederationTokens.subject(target),
                google.serviceAccount());
    }

    /// In the Common Expression Language: true for this one target.
    String condition() {
        return "assertion.sub == '" + subject + "'";
    }

    /// The target as a principal in Google's policies.
    String principal() {
        return "principal://iam.googleapis.com/projects/"
                + project
                + "/locations/global/workloadIdentityPools/"
                + pool
                + "/subject/"
                + subject;
    }

    /// By its full name; the project is in the address of most, and `-` stands for it otherwise.
    static String fullName(String serviceAccount) {
        String end = ".iam.gserviceaccount.com";
        String project =
                serviceAccount.endsWith(end)
                        ? serviceAccount.substring(
                                serviceAccount.indexOf('@') + 1,
                                serviceAccount.length() - end.length())
                        : "-";
        return "projects/" + project + "/serviceAccounts/" + serviceAccount;
    }
}
