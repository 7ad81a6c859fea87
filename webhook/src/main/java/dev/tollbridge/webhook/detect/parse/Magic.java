package dev.tollbridge.webhook.detect.parse;

import java.nio.charset.StandardCharsets;

/// What the first bytes say of the format.
public enum Magic {
    GZIP,
    ZIP,
    TAR,
    SQLITE,
    UTF_16,
    /// Compressed or packed in a way that is not read here: xz, zstandard, bzip2, 7z, rar.
    PACKED,
    /// age, OpenPGP, Ansible Vault.
    ENCRYPTED,
    /// Programs, pictures, sound, fonts: nothing that a login is kept in.
    MEDIA,
    NONE;

    public static Magic of(byte[] bytes) {
        if (bytes.length < 4) {
            return NONE;
        }
        int four =
                (bytes[0] & 0xff) << 24
                        | (bytes[1] & 0xff) << 16
                        | (bytes[2] & 0xff) << 8
                        | (bytes[3] & 0xff);
        return switch (four) {
            case 0x504b0304, 0x504b0506 -> ZIP;
            case 0x53514c69 -> starts(bytes, "SQLite format 3\0") ? SQLITE : NONE;
            case 0x28b52ffd, 0x377abcaf, 0xfd377a58, 0x52617221 -> PACKED;
            case 0x7f454c46,
                    0xcafebabe,
                    0xcffaedfe,
                    0x89504e47,
                    0x47494638,
                    0x774f4646,
                    0x774f4632,
                    0x4f676753,
                    0x00000100,
                    0x25504446,
                    0x00010000,
                    0x4f54544f,
                    0xfeedfacf ->
                    MEDIA;
            case 0x6167652d -> starts(bytes, "age-encryption.org/") ? ENCRYPTED : NONE;
            case 0x24414e53 -> starts(bytes, "$ANSIBLE_VAULT;") ? ENCRYPTED : NONE;
            case 0x2d2d2d2d ->
                    starts(bytes, "-----BEGIN PGP MESSAGE")
                                    || starts(bytes, "-----BEGIN AGE ENCRYPTED")
                            ? ENCRYPTED
                            : NONE;
            default -> byTwo(bytes, four >>> 16);
        };
    }

    private static Magic byTwo(byte[] bytes, int two) {
        if (two == 0x1f8b) {
            return GZIP;
        }
        if (two == 0x425a && bytes[2] == 'h') {
            return PACKED;
        }
        if (two == 0xfffe || two == 0xfeff) {
            return UTF_16;
        }
        if (two == 0xffd8 || (two == 0x4d5a && bytes.length > 64 && bytes[2] < ' ')) {
            return MEDIA;
        }
        return bytes.length >= 512 && starts(bytes, 257, "ustar") ? TAR : NONE;
    }

    private static boolean starts(byte[] bytes, String text) {
        return starts(bytes, 0, text);
    }

    private static boolean starts(byte[] bytes, int at, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length < at + wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (bytes[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
