package dev.tollbridge.webhook.detect.parse;

import dev.tollbridge.webhook.detect.Uninspected.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/// Members of zip, tar and gzip, one after another in memory, each bounded by what the budget still
/// gives: a bomb is seen after what it may expand to, not after what it would.
public final class Archives {

    private static final int TAR_BLOCK = 512;
    private static final int CHUNK = 64 * 1024;

    /// Takes one member.
    @FunctionalInterface
    public interface Sink {
        void accept(String name, byte[] content);
    }

    private Archives() {}

    public static void gzip(byte[] bytes, Budget budget, Sink sink) throws Unreadable {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes), CHUNK)) {
            sink.accept("", all(in, budget));
        } catch (IOException e) {
            throw new Unreadable("gzip");
        }
    }

    public static void zip(byte[] bytes, Budget budget, Sink sink) throws Unreadable {
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                budget.part();
                if (!entry.isDirectory()) {
                    sink.accept(entry.getName(), all(in, budget));
                }
            }
        } catch (ZipException e) {
            if (String.valueOf(e.getMessage()).contains("encrypted")) {
                throw new Budget.Spent(Reason.ENCRYPTED);
            }
            throw new Unreadable("zip");
        } catch (IOException | IllegalArgumentException e) {
            throw new Unreadable("zip");
        }
    }

    public static void tar(byte[] bytes, Budget budget, Sink sink) throws Unreadable {
        int at = 0;
        String longName = "";
        while (at + TAR_BLOCK <= bytes.length && bytes[at] != 0) {
            budget.part();
            long size = octal(bytes, at + 124, 12);
            int from = at + TAR_BLOCK;
            if (size < 0 || size > bytes.length - from) {
                throw new Unreadable("tar");
            }
            byte type = bytes[at + 156];
            if (type == 'L') {
                longName = text(bytes, from, (int) Math.min(size, 4096));
            } else {
                if (type == '0' || type == 0) {
                    budget.expand(size);
                    byte[] content = new byte[(int) size];
                    System.arraycopy(bytes, from, content, 0, content.length);
                    sink.accept(longName.isEmpty() ? name(bytes, at) : longName, content);
                }
                longName = "";
            }
            at = from + (int) ((size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK);
            if (at < from) {
                throw new Unreadable("tar");
            }
        }
    }

    private static String name(byte[] bytes, int at) {
        String prefix = text(bytes, at + 345, 155);
        String name = text(bytes, at, 100);
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String text(byte[] bytes, int at, int most) {
        int end = at;
        while (end < at + most && end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, at, end - at, StandardCharsets.UTF_8);
    }

    private static long octal(byte[] bytes, int at, int length) throws Unreadable {
        long value = 0;
        for (int i = at; i < at + length; i++) {
            byte b = bytes[i];
            if (b >= '0' && b <= '7') {
                value = value * 8 + (b - '0');
            } else if (b != 0 && b != ' ') {
                throw new Unreadable("tar");
            }
        }
        return value;
    }

    private static byte[] all(InputStream in, Budget budget) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        try {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                budget.expand(read);
                budget.steps(read);
                out.write(chunk, 0, read);
            }
        } catch (EOFException e) {
            // Cut off, as the end of a log is: what came out is looked at.
            return out.toByteArray();
        }
        return out.toByteArray();
    }
}
