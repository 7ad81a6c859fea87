package dev.tollbridge.bridge.mint.aws;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.Template;
import dev.tollbridge.bridge.config.TargetSpec.Aws;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One target's session tags and source identity, worked out once: what goes into the token for AWS
/// beside the registered claims (IAM User Guide, "Passing session tags using
/// AssumeRoleWithWebIdentity" and "Monitor and control actions taken with assumed roles").
///
/// A value that AWS would not take is refused here and never cut or replaced: two workloads must
/// not come to look the same. The operator makes room with a filter (`{{ref|max:64}}`).
final class SessionForm {

    static final String TAGS = "https://aws.amazon.com/tags";
    static final String SOURCE_IDENTITY = "https://aws.amazon.com/source_identity";

    /// STS API reference, Tag: value.
    private static final Pattern TAG_VALUE = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

    private static final int LONGEST_TAG_VALUE = 256;

    /// STS API reference, AssumeRoleWithWebIdentity: SourceIdentity.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_+=,.@-]{2,64}");

    private final Map<String, Template> tags = new LinkedHashMap<>();
    private final List<String> transitive;
    private final @Nullable Template sourceIdentity;

    /// @throws IllegalArgumentException when a template cannot be read, which loading a
    ///   configuration finds
    SessionForm(Aws aws) {
        aws.sessionTags().forEach((key, value) -> tags.put(key, Template.parse(value)));
        transitive = aws.transitiveTags();
        sourceIdentity = aws.sourceIdentity() == null ? null : Template.parse(aws.sourceIdentity());
    }

    /// @return claims of the token that AWS is shown
    /// @throws Refusal `claim_malformed` when a claim is missing, or gives what AWS would not take
    Map<String, Object> claims(Claims subject) {
        Map<String, Object> claims = new LinkedHashMap<>();
        if (!tags.isEmpty()) {
            Map<String, Object> principal = new LinkedHashMap<>();
            tags.forEach((key, template) ->
                    principal.put(key, List.of(tagValue(key, template.fill(subject)))));
            Map<String, Object> claim = new LinkedHashMap<>();
            claim.put("principal_tags", principal);
            if (!transitive.isEmpty()) {
                claim.put("transitive_tag_keys", transitive);
            }
            claims.put(TAGS, claim);
        }
        if (sourceIdentity != null) {
            claims.put(SOURCE_IDENTITY, sourceIdentity(sourceIdentity.fill(subject)));
        }
        return claims;
    }

    private static String tagValue(String key, String value) {
        if (value.codePointCount(0, value.length()) > LONGEST_TAG_VALUE) {
            throw malformed("the session tag '" + key + "' would have more than 256 characters");
        }
        if (!TAG_VALUE.matcher(value).matches()) {
            throw malformed(
                    "the session tag '"
                            + key
                            + "' would have characters other than letters, digits, spaces and"
                            + " _.:/=+-@");
        }
        return value;
    }

    private static String sourceIdentity(String value) {
        if (!NAME.matcher(value).matches() || value.startsWith("aws:")) {
            throw malformed("the source identity would not be 2 to 64 letters, digits and _+=,.@-");
        }
        return value;
    }

    private static Refusal malformed(String detail) {
        return new Refusal(RefusalReason.CLAIM_MALFORMED, detail);
    }
}
