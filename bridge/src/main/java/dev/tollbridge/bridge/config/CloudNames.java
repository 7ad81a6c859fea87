package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.Format.Invalid;
import java.util.Locale;

/// Names of Google Cloud and Azure.
final class CloudNames {

    private static final String GOOGLE_EXAMPLE =
            "//iam.googleapis.com/projects/123456/locations/global/workloadIdentityPools/POOL/providers/PROVIDER";

    private CloudNames() {}

    static String googleProvider(String written) throws Invalid {
        String[] part = written.split("/", -1);
        boolean sound =
                part.length == 11
                        && part[0].isEmpty()
                        && part[1].isEmpty()
                        && part[2].equals("iam.googleapis.com")
                        && part[3].equals("projects")
                        && part[5].equals("locations")
                        && part[6].equals("global")
                        && part[7].equals("workloadIdentityPools")
                        && isId(part[8])
                        && part[9].equals("providers")
                        && isId(part[10]);
        if (!sound) {
            throw new Invalid(
                    Problems.quoted(written) + " is not a workload identity pool provider",
                    "write it like " + GOOGLE_EXAMPLE);
        }
        if (part[4].isEmpty() || !part[4].chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Invalid(
                    "the project is named by its number here, not by its id",
                    "see: gcloud projects describe " + Problems.quoted(part[4]));
        }
        return written;
    }

    private static boolean isId(String text) {
        return text.length() <= 32
                && Checks.consistsOf(text, "-")
                && text.equals(text.toLowerCase(Locale.ROOT));
    }

    static String serviceAccountEmail(String written) throws Invalid {
        int at = written.indexOf('@');
        if (at < 1
                || written.length() > 255
                || !Checks.consistsOf(written.substring(0, at), "-")
                || !Checks.consistsOf(written.substring(at + 1), ".-")
                || !written.endsWith(".gserviceaccount.com")) {
            throw new Invalid(
                    Problems.quoted(written) + " is not a service account's address",
                    "write it like deployer@project.iam.gserviceaccount.com");
        }
        return written;
    }

    static String guid(String written) throws Invalid {
        if (!isGuid(written)) {
            throw new Invalid(
                    Problems.quoted(written) + " is not a GUID",
                    "write it like 00000000-0000-0000-0000-000000000000");
        }
        return written;
    }

    private static boolean isGuid(String text) {
        if (text.length() != 36) {
            return false;
        }
        for (int i = 0; i < 36; i++) {
            char c = text.charAt(i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : (c >= 128 || Character.digit(c, 16) < 0)) {
                return false;
            }
        }
        return true;
    }

    /// A tenant of one's own: `common`, `organizations` and `consumers` name none.
    static String tenant(String written) throws Invalid {
        boolean domain =
                written.length() <= 253
                        && written.indexOf('.') > 0
                        && !written.endsWith(".")
                        && !written.contains("..")
                        && Checks.consistsOf(written, ".-");
        if (!isGuid(written) && !domain) {
            throw new Invalid(
                    Problems.quoted(written) + " is neither a tenant's GUID nor a domain",
                    "write it like contoso.onmicrosoft.com");
        }
        return written;
    }
}
