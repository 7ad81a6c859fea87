package dev.tollbridge.bridge.mint.aws;

/// The ARN of a role, taken apart (IAM User Guide, "IAM identifiers").
///
/// @param name without its path
record RoleArn(String partition, String account, String name) {

    /// @param arn of a target, whose form was found sound when it was loaded
    static RoleArn parse(String arn) {
        String[] part = arn.split(":", 6);
        return new RoleArn(part[1], part[4], part[5].substring(part[5].lastIndexOf('/') + 1));
    }

    /// The ARN of one of its sessions, which has no path.
    String session(String sessionName) {
        return "arn:"
                + partition
                + ":sts::"
                + account
                + ":assumed-role/"
                + name
                + "/"
                + sessionName;
    }
}
