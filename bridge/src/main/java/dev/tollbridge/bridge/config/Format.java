package dev.tollbridge.bridge.config;

import org.jspecify.annotations.Nullable;

/// What the text of a field must look like.
@SuppressWarnings("ImmutableEnumChecker") // the parsers are static methods, without state
enum Format {
    /// One line or several; no control characters but line ends.
    TEXT("text", null, Checks::text),
    LINE("text on one line", null, Checks::line),
    OWNER("who answers for it, such as an e-mail address", null, Checks::line),
    LABEL(
            "a name of lower-case letters, digits and `-` (RFC 1123 label, at most 63 characters)",
            "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$",
            Checks::label),
    NAME(
            "a name of lower-case letters, digits, `-` and `.` (RFC 1123 subdomain, at most 253"
                    + " characters)",
            "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
            Checks::name),
    IDENTIFIER(
            "letters, digits, `.`, `_` and `-`",
            "^[A-Za-z0-9][A-Za-z0-9._-]*$",
            Checks::identifier),
    ISSUER_URL("an https URL without query and fragment", "^https://[^?#]+$", Checks::issuerUrl),
    HTTPS_URL("an https URL without fragment", "^https://[^#]+$", Checks::httpsUrl),
    ENDPOINT_URL(
            "an https URL without query and fragment; `http` only on localhost, for an emulator",
            "^https?://[^?#]+$",
            Checks::endpointUrl),
    RESOURCE_URI("an absolute URI without fragment (RFC 8707)", null, Checks::resourceUri),
    PATH("a file's path", null, Checks::path),
    DURATION(
            "a duration such as `90s`, `15m`, `1h30m`",
            "^([1-9][0-9]*d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$",
            Checks::duration),
    DATE("a UTC day such as `2027-06-30`", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", Checks::date),
    SCOPE(
            "a scope token (RFC 6749 section 3.3): printable ASCII without space, `\"` and `\\`",
            "^[!#-\\[\\]-~]+$",
            Checks::scope),
    TEMPLATE("text with `{{claim}}` or `{{claim|filter}}`", null, Templates::check),
    CLAIM_NAME("a claim's name", null, Checks::line),
    PARAMETER(
            "a request parameter's name that the protocol does not use itself",
            "^[A-Za-z0-9_.-]{1,64}$",
            OAuthNames::parameter),
    RULE_ID("a rule's exact id", "^[a-z0-9][a-z0-9-]*$", Checks::ruleId),
    ROLE_ARN(
            "an IAM role's ARN",
            "^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$",
            Arns::role),
    POLICY_ARN(
            "an IAM managed policy's ARN",
            "^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+$",
            Arns::policy),
    REGION("an AWS region such as `eu-west-1`", "^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$", Arns::region),
    TAG_KEY("a session tag's key", "^[A-Za-z0-9 _.:/=+@-]{1,128}$", Arns::tagKey),
    GOOGLE_PROVIDER(
            "a workload identity pool provider:"
                    + " `//iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER`",
            "^//iam\\.googleapis\\.com/projects/[0-9]+/locations/global/workloadIdentityPools/[a-z0-9-]+/providers/[a-z0-9-]+$",
            CloudNames::googleProvider),
    SERVICE_ACCOUNT_EMAIL(
            "a Google service account's e-mail address",
            "^[a-z0-9-]+@[a-z0-9.-]+\\.gserviceaccount\\.com$",
            CloudNames::serviceAccountEmail),
    TENANT("a tenant's id (GUID) or domain", null, CloudNames::tenant),
    GUID(
            "a GUID",
            "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$",
            CloudNames::guid),
    REPOSITORY(
            "a repository's name without its owner", "^[A-Za-z0-9._-]{1,100}$", Checks::repository),
    /// Decimal digits; may stand unquoted because nothing is lost.
    NUMBER_ID("a number, or another id, such as `123456`", null, Checks::identifier),
    COUNT("a number from 0 to 1000", "^(0|[1-9][0-9]{0,2}|1000)$", Checks::count);

    private final String described;
    private final @Nullable String pattern;
    private final Parser parser;

    /// Whether it may stand unquoted, because nothing is lost.
    boolean mayBeNumber() {
        return this == NUMBER_ID || this == COUNT;
    }

    Format(String described, @Nullable String pattern, Parser parser) {
        this.described = described;
        this.pattern = pattern;
        this.parser = parser;
    }

    /// For the reference page.
    String described() {
        return described;
    }

    /// For editors; the reader's own check decides. Null: none.
    @Nullable String pattern() {
        return pattern;
    }

    /// @return text, a {@link java.time.Duration} or a {@link java.time.LocalDate}
    Object parse(String written) throws Invalid {
        if (written.isEmpty()) {
            throw new Invalid("must not be empty", null);
        }
        if (written.length() > Checks.MAX_TEXT) {
            throw new Invalid("longer than " + Checks.MAX_TEXT + " characters", null);
        }
        return parser.parse(written);
    }

    interface Parser {
        Object parse(String written) throws Invalid;
    }

    /// Not of the format.
    static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;
        private final String said;
        private final @Nullable String suggestion;

        Invalid(String message, @Nullable String suggestion) {
            super(message, null, false, false);
            this.said = message;
            this.suggestion = suggestion;
        }

        String said() {
            return said;
        }

        @Nullable String suggestion() {
            return suggestion;
        }
    }
}
