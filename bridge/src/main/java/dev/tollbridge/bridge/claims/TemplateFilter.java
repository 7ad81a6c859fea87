package dev.tollbridge.bridge.claims;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/// What a template does to a claim's text before it stands in the result.
sealed interface TemplateFilter {

    String apply(String value);

    /// @throws IllegalArgumentException when there is no such filter
    static TemplateFilter parse(String name) {
        if (name.startsWith("max:")) {
            return new Max(number(name.substring(4)));
        }
        return switch (name) {
            case "lower" -> new Lower();
            case "slug" -> new Slug();
            case "sha256" -> new Sha256();
            default ->
                    throw new IllegalArgumentException(
                            "no filter '" + name + "'; there are lower, slug, sha256 and max:N");
        };
    }

    private static int number(String text) {
        try {
            int length = Integer.parseInt(text);
            if (length >= Max.SHORTEST && length <= Max.LONGEST) {
                return length;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("max:N needs a number from 16 to 1024");
    }

    /// `lower`: lower case, whatever the machine's language.
    record Lower() implements TemplateFilter {
        @Override
        public String apply(String value) {
            return value.toLowerCase(Locale.ROOT);
        }
    }

    /// `slug`: lower case; every run of characters other than `a-z` and `0-9` becomes one `-`, none
    /// of which stands first or last. Not unique: `a/b` and `a-b` have the same slug.
    record Slug() implements TemplateFilter {
        @Override
        public String apply(String value) {
            StringBuilder slug = new StringBuilder(value.length());
            boolean gap = false;
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                char low = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
                if ((low >= 'a' && low <= 'z') || (low >= '0' && low <= '9')) {
                    if (gap && !slug.isEmpty()) {
                        slug.append('-');
                    }
                    gap = false;
                    slug.append(low);
                } else {
                    gap = true;
                }
            }
            return slug.toString();
        }
    }

    /// `sha256`: the SHA-256 of the text in UTF-8, 64 hexadecimal digits.
    record Sha256() implements TemplateFilter {
        @Override
        public String apply(String value) {
            return sha256(value);
        }
    }

    /// `max:N`: at most N characters (16 to 1024). A longer text keeps its first N-13 characters,
    /// followed by `-` and twelve hexadecimal digits of the whole text's SHA-256: cut off alone,
    /// two long names that begin alike would become one.
    record Max(int length) implements TemplateFilter {
        static final int SHORTEST = 16;
        static final int LONGEST = 1024;
        private static final int DIGITS = 12;

        @Override
        public String apply(String value) {
            if (value.length() <= length) {
                return value;
            }
            int keep = length - DIGITS - 1;
            if (Character.isHighSurrogate(value.charAt(keep - 1))) {
                keep--;
            }
            return value.substring(0, keep) + "-" + sha256(value).substring(0, DIGITS);
        }
    }

    private static String sha256(String value) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(value.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
