package dev.tollbridge.webhook.scan;

import dev.tollbridge.webhook.detect.Uninspected.Reason;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/// A file too large to be held: an exported image, a backup, a log. Archives are read as streams,
/// one member at a time.
final class LargeFile {

    private static final int BLOCK = 512;
    private static final int MAX_DEPTH = 3;
    private static final int MAX_MEMBERS = 2_000_000;

    /// An archive may hold this often its own size.
    private static final long RATIO = 100;

    private final FileScan files;
    private final String path;
    private final long most;
    private long came;
    private int members;

    LargeFile(FileScan files, String path, long size) {
        this(files, path, size, RATIO);
    }

    LargeFile(FileScan files, String path, long size, long ratio) {
        this.files = files;
        this.path = path;
        this.most = size * ratio;
    }

    /// Stackless: more came out than an honest archive holds.
    private static final class Bomb extends IOException {
        private static final long serialVersionUID = 1L;
    }

    void scan(InputStream in) throws IOException {
        try {
            stream(in, path, 0);
        } catch (Bomb e) {
            files.damaged(path, "", Reason.EXPANDS_TOO_MUCH.words());
        }
    }

    /// Whether it is something that this opens.
    static boolean packed(BufferedInputStream in) throws IOException {
        return isGzip(head(in)) || isZip(head(in)) || isTar(head(in));
    }

    private static byte[] head(BufferedInputStream in) throws IOException {
        in.mark(BLOCK);
        byte[] head = in.readNBytes(BLOCK);
        in.reset();
        return head;
    }

    private static boolean isGzip(byte[] head) {
        return head.length > 4 && head[0] == 0x1f && (head[1] & 0xff) == 0x8b;
    }

    private static boolean isZip(byte[] head) {
        return text(head, 0, 4).equals("PK\u0003\u0004");
    }

    private static boolean isTar(byte[] head) {
        return text(head, 257, 5).equals("ustar");
    }

    private void stream(InputStream plain, String name, int depth) throws IOException {
        BufferedInputStream in = new BufferedInputStream(plain, 1 << 16);
        byte[] head = head(in);
        if (depth < MAX_DEPTH && isGzip(head)) {
            stream(counted(new GZIPInputStream(in, 1 << 16)), name, depth + 1);
        } else if (depth < MAX_DEPTH && isZip(head)) {
            zip(in, depth);
        } else if (depth < MAX_DEPTH && isTar(head)) {
            tar(in, name, depth);
        } else {
            byte[] start = in.readNBytes(FileScan.WHOLE + 1);
            if (start.length <= FileScan.WHOLE) {
                files.judge(path, name, start);
            } else {
                files.tooLarge(path, name.equals(path) ? "" : name);
                files.windows(
                        path, name, new SequenceInputStream(new ByteArrayInputStream(start), in));
            }
        }
    }

    private void zip(InputStream in, int depth) throws IOException {
        ZipInputStream zip = new ZipInputStream(in);
        try {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!entry.isDirectory()) {
                    member(counted(zip), entry.getName(), depth);
                }
            }
        } catch (ZipException e) {
            boolean encrypted = String.valueOf(e.getMessage()).contains("encrypted");
            files.damaged(path, "", (encrypted ? Reason.ENCRYPTED : Reason.DAMAGED).words());
        } catch (IllegalArgumentException e) {
            files.damaged(path, "", Reason.DAMAGED.words());
        }
    }

    private void tar(InputStream in, String name, int depth) throws IOException {
        String longName = "";
        for (byte[] header = in.readNBytes(BLOCK);
                header.length == BLOCK && header[0] != 0;
                header = in.readNBytes(BLOCK)) {
            long size = size(header);
            if (size < 0) {
                files.damaged(path, name.equals(path) ? "" : name, Reason.DAMAGED.words());
                return;
            }
            Bounded content = new Bounded(in, size);
            if (header[156] == 'L') {
                longName = text(content.readNBytes(4096), 0, 4096);
            } else {
                if (header[156] == '0' || header[156] == 0) {
                    member(content, longName.isEmpty() ? tarName(header) : longName, depth);
                }
                longName = "";
            }
            content.drain();
            in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        }
    }

    private void member(InputStream in, String name, int depth) throws IOException {
        if (++members > MAX_MEMBERS) {
            throw new Bomb();
        }
        byte[] start = in.readNBytes(FileScan.WHOLE + 1);
        if (start.length <= FileScan.WHOLE) {
            files.judge(path, name, start);
        } else {
            InputStream whole = new SequenceInputStream(new ByteArrayInputStream(start), in);
            stream(whole, name, depth + 1);
        }
    }

    private static String tarName(byte[] header) {
        String prefix = text(header, 345, 155);
        return prefix.isEmpty() ? text(header, 0, 100) : prefix + "/" + text(header, 0, 100);
    }

    private static long size(byte[] header) {
        long value = 0;
        if ((header[124] & 0x80) != 0) {
            // above 8 GiB GNU tar writes the number in binary
            for (int i = 128; i < 136; i++) {
                value = value << 8 | (header[i] & 0xff);
            }
            return value;
        }
        for (int i = 124; i < 136; i++) {
            if (header[i] >= '0' && header[i] <= '7') {
                value = value * 8 + (header[i] - '0');
            } else if (header[i] != 0 && header[i] != ' ') {
                return -1;
            }
        }
        return value;
    }

    private static String text(byte[] bytes, int from, int most) {
        int end = from;
        while (end < Math.min(bytes.length, from + most) && bytes[end] != 0) {
            end++;
        }
        return from >= end ? "" : new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }

    private InputStream counted(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                int read;
                try {
                    read = super.read(bytes, from, length);
                } catch (EOFException e) {
                    // Cut off, as the end of a log is: what came out is looked at.
                    return -1;
                }
                count(Math.max(0, read));
                return read;
            }
        };
    }

    private void count(int read) throws IOException {
        came += read;
        if (came > most) {
            throw new Bomb();
        }
    }

    /// One member of a tar: ends where its size says.
    private static final class Bounded extends InputStream {
        private final InputStream in;
        private long left;

        Bounded(InputStream in, long size) {
            this.in = in;
            this.left = size;
        }

        @Override
        public int read() throws IOException {
            if (left <= 0) {
                return -1;
            }
            int b = in.read();
            left = b < 0 ? 0 : left - 1;
            return b;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int read = in.read(bytes, from, (int) Math.min(length, left));
            left = read < 0 ? 0 : left - read;
            return read;
        }

        void drain() throws IOException {
            in.skipNBytes(left);
            left = 0;
        }
    }
}
