package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.files.PrivateFiles;
import dev.tollbridge.bridge.operator.Operation;
import dev.tollbridge.bridge.operator.OperatorCheck;
import dev.tollbridge.bridge.operator.OperatorVerdict;
import dev.tollbridge.bridge.secret.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/// The operator's token: a file in the data folder that only its owner may read (DESIGN 14, rule
/// 7), made on the first start.
public final class AdminToken implements OperatorCheck {

    /// In the data folder.
    public static final String FILE = "admin-token";

    private static final int RANDOM_BYTES = 32;
    private static final int LONGEST = 512;
    private static final int SHORTEST = 32;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");

    private final Secret token;

    private AdminToken(Secret token) {
        this.token = token;
    }

    /// Reads `DATA/admin-token`, or makes it.
    ///
    /// @throws IOException in words for the operator, also when others may read the file
    public static AdminToken openOrCreate(Path data) throws IOException {
        Path file = data.resolve(FILE);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            create(file);
        }
        return open(file);
    }

    /// Reads one that exists, as commands do.
    public static AdminToken open(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file + " is no regular file");
        }
        Set<PosixFilePermission> permissions =
                Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        if (!OWNER_ONLY.containsAll(permissions)) {
            throw new IOException(
                    file
                            + " may be read by others ("
                            + PosixFilePermissions.toString(permissions)
                            + "): set its mode to 0600, and replace it if they may have read it");
        }
        if (Files.size(file) > LONGEST) {
            throw new IOException(file + " is too large for an admin token");
        }
        String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
        if (text.length() < SHORTEST) {
            throw new IOException(file + " holds less than " + SHORTEST + " characters");
        }
        return new AdminToken(Secret.of(text));
    }

    private static void create(Path file) throws IOException {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n";
        PrivateFiles.replace(file, text.getBytes(StandardCharsets.US_ASCII));
    }

    /// For commands that call the admin API.
    public Secret secret() {
        return token;
    }

    @Override
    public OperatorVerdict judge(Secret bearer, Operation operation) {
        // Secret compares digests: the time taken does not tell how much of a guess was right.
        return token.equals(bearer)
                ? new OperatorVerdict.Admitted("admin-token")
                : new OperatorVerdict.Nobody();
    }
}
