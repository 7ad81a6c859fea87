package dev.tollbridge.webhook.detect.parse;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// Text and blob columns of every table row in an SQLite 3 file (format: sqlite.org/fileformat2),
/// read page by page, so also of files that are damaged, and without the native library.
public final class SqliteRows {

    private static final int TABLE_LEAF = 0x0d;
    private static final int MAX_VALUE = 4 << 20;

    /// Takes one value.
    @FunctionalInterface
    public interface Sink {
        void accept(byte[] value);
    }

    private final byte[] file;
    private final Budget budget;
    private final Sink sink;
    private final int pageSize;
    private final int usable;

    private SqliteRows(byte[] file, Budget budget, Sink sink) throws Unreadable {
        this.file = file;
        this.budget = budget;
        this.sink = sink;
        int size = file.length < 100 ? 0 : short16(16);
        this.pageSize = size == 1 ? 65536 : size;
        if (pageSize < 512 || (pageSize & (pageSize - 1)) != 0) {
            throw new Unreadable("SQLite");
        }
        this.usable = pageSize - (file[20] & 0xff);
    }

    public static void read(byte[] file, Budget budget, Sink sink) throws Unreadable {
        SqliteRows rows = new SqliteRows(file, budget, sink);
        for (int page = 0; page + 100 < file.length; page += rows.pageSize) {
            rows.page(page);
        }
    }

    private void page(int page) {
        int header = page == 0 ? 100 : page;
        if (file[header] != TABLE_LEAF || header + 8 > file.length) {
            return;
        }
        int cells = short16(header + 3);
        for (int i = 0; i < cells; i++) {
            budget.step();
            int pointer = header + 8 + 2 * i;
            if (pointer + 2 > Math.min(file.length, page + pageSize)) {
                return;
            }
            int cell = page + short16(pointer);
            if (cell > header && cell < Math.min(file.length, page + pageSize)) {
                cell(cell, page + usable);
            }
        }
    }

    private void cell(int cell, int pageEnd) {
        Cursor cursor = new Cursor(file, cell);
        long payload = cursor.varint();
        cursor.varint(); // row id
        if (payload <= 0 || payload > MAX_VALUE || cursor.at >= file.length) {
            return;
        }
        byte[] record = payload((int) payload, cursor.at, pageEnd);
        record(record);
    }

    /// The part on the page and what spilled over to other pages.
    private byte[] payload(int size, int at, int pageEnd) {
        int most = usable - 35;
        int local = size;
        if (size > most) {
            int least = (usable - 12) * 32 / 255 - 23;
            int spilled = least + (size - least) % (usable - 4);
            local = spilled <= most ? spilled : least;
        }
        budget.steps(size);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int here = Math.max(0, Math.min(local, Math.min(file.length, pageEnd) - at));
        all.write(file, at, here);
        if (size > most && at + local + 4 <= file.length) {
            overflow(all, size, int32(at + local));
        }
        return all.toByteArray();
    }

    private void overflow(ByteArrayOutputStream all, int size, long first) {
        long page = first;
        // Pages that point at each other end with the payload's size.
        while (page > 0 && all.size() < size) {
            budget.steps(usable);
            long from = (page - 1) * pageSize;
            if (from + 4 >= file.length) {
                return;
            }
            int length = Math.min(usable - 4, size - all.size());
            int at = (int) from + 4;
            all.write(file, at, Math.min(length, file.length - at));
            page = int32((int) from);
        }
    }

    private void record(byte[] record) {
        Cursor types = new Cursor(record, 0);
        long headerSize = types.varint();
        if (headerSize > record.length) {
            return;
        }
        long at = headerSize;
        while (types.at < headerSize && at < record.length) {
            budget.step();
            long type = types.varint();
            long length = length(type);
            if (type >= 12 && length >= 8) {
                int from = (int) at;
                int to = (int) Math.min(record.length, at + length);
                byte[] value = new byte[to - from];
                System.arraycopy(record, from, value, 0, value.length);
                budget.part();
                budget.expand(value.length);
                sink.accept(value);
            }
            at += length;
        }
    }

    private static long length(long type) {
        if (type >= 12) {
            return (type - 12) / 2;
        }
        return switch ((int) type) {
            case 1 -> 1;
            case 2 -> 2;
            case 3 -> 3;
            case 4 -> 4;
            case 5 -> 6;
            case 6, 7 -> 8;
            default -> 0;
        };
    }

    private int short16(int at) {
        return at + 2 > file.length ? 0 : ByteBuffer.wrap(file).getShort(at) & 0xffff;
    }

    private long int32(int at) {
        return at < 0 || at + 4 > file.length ? 0 : ByteBuffer.wrap(file).getInt(at) & 0xffffffffL;
    }

    private static final class Cursor {
        private final byte[] bytes;
        private int at;

        Cursor(byte[] bytes, int at) {
            this.bytes = bytes;
            this.at = at;
        }

        /// Big-endian, seven bits a byte, nine bytes at most; the ninth has eight.
        long varint() {
            long value = 0;
            for (int i = 0; i < 9 && at < bytes.length; i++) {
                byte b = bytes[at++];
                if (i == 8) {
                    return value << 8 | (b & 0xff);
                }
                value = value << 7 | (b & 0x7f);
                if (b >= 0) {
                    return value;
                }
            }
            return value;
        }
    }
}
