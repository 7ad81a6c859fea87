package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.Format.Invalid;

/// Names of AWS (IAM User Guide, "IAM identifiers").
final class Arns {

    private Arns() {}

    static String role(String written) throws Invalid {
        return resource(written, "role/", false, "arn:aws:iam::111122223333:role/NAME");
    }

    static String policy(String written) throws Invalid {
        return resource(written, "policy/", true, "arn:aws:iam::111122223333:policy/NAME");
    }

    private static String resource(String arn, String type, boolean managed, String example)
            throws Invalid {
        String[] part = arn.split(":", 6);
        boolean sound =
                arn.length() >= 20
                        && arn.length() <= 2048
                        && part.length == 6
                        && part[0].equals("arn")
                        && isPartition(part[1])
                        && part[2].equals("iam")
                        && part[3].isEmpty()
                        && (isAccount(part[4]) || (managed && part[4].equals("aws")))
                        && part[5].startsWith(type)
                        && part[5].length() > type.length()
                        && !part[5].endsWith("/")
                        && Checks.consistsOf(part[5], "+=,.@_/-");
        if (!sound) {
            throw new Invalid(
                    Problems.quoted(arn) + " is not the ARN of a " + type.replace("/", ""),
                    "write it like " + example);
        }
        return arn;
    }

    private static boolean isPartition(String text) {
        return text.equals("aws")
                || (text.startsWith("aws-")
                        && text.length() > 4
                        && text.length() <= 16
                        && Checks.consistsOf(text, "-"));
    }

    private static boolean isAccount(String text) {
        return text.length() == 12 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    static String region(String written) throws Invalid {
        String[] part = written.split("-", -1);
        boolean sound = part.length >= 3 && part.length <= 5 && part[0].length() == 2;
        for (int i = 0; i < part.length; i++) {
            char from = i == part.length - 1 ? '0' : 'a';
            char to = i == part.length - 1 ? '9' : 'z';
            sound &= !part[i].isEmpty() && part[i].chars().allMatch(c -> c >= from && c <= to);
        }
        if (!sound || written.length() > 32) {
            throw new Invalid(
                    Problems.quoted(written) + " is not a region", "write it like eu-west-1");
        }
        return written;
    }

    static String tagKey(String written) throws Invalid {
        if (written.length() > 128 || !Checks.consistsOf(written, " _.:/=+-@")) {
            throw new Invalid(
                    "a session tag's key has at most 128 letters, digits, spaces and _.:/=+-@",
                    null);
        }
        if (written.regionMatches(true, 0, "aws:", 0, 4)) {
            throw new Invalid("keys that start with 'aws:' are reserved", null);
        }
        return written;
    }
}
