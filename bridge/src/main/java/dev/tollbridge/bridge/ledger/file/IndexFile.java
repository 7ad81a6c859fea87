package dev.tollbridge.bridge.ledger.file;

import dev.tollbridge.bridge.audit.JournalFollower.Known;
import dev.tollbridge.bridge.files.PrivateFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// What is derived from one file of the journal, kept beside it as `.idx` so that a start need not
/// read the file again. Missing, damaged, of another version: it is made anew from the file.
///
/// First what a start needs (how far the file is covered, uses that may still matter, open
/// reservations, when grants were last used, what is switched off), with a checksum; then the
/// sorted places of ids and receipts, which are mapped and looked at only when somebody asks.
///
/// @param firstMillis time of the file's first line
/// @param latestUse when the last of the uses ends, in seconds since 1970
/// @param sessions lines of job sessions in this file
/// @param open reservations without outcome at the file's end, of this file or an earlier one
/// @param lastUse of each grant, of this file or an earlier one
/// @param switches what was switched off at the file's end, as text
record IndexFile(
        Known known,
        long firstMillis,
        long latestUse,
        Uses uses,
        SessionPlaces sessions,
        Map<String, Place> open,
        Map<String, Instant> lastUse,
        @Nullable String switches,
        SortedPlaces places) {

    private static final int MAGIC = 0x54424958;
    private static final int VERSION = 2;
    private static final int START = 20;

    /// A line.
    record Place(long firstSeq, long offset, int length) {}

    /// Sorted entries of {@link Places}.
    record SortedPlaces(Places.LongSource source, int count) {}

    static Path beside(Path file) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.length() - 5) + "idx");
    }

    void write(Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(known.bytes());
            out.writeLong(known.seq());
            out.write(HexFormat.of().parseHex(known.hash()));
            out.writeLong(firstMillis);
            out.writeLong(latestUse);
            out.writeInt(uses.size());
            for (int i = 0; i < uses.size() * Uses.WIDTH; i++) {
                out.writeLong(uses.raw(i));
            }
            out.writeInt(sessions.size());
            for (int i = 0; i < sessions.size(); i++) {
                out.writeLong(sessions.offset(i));
                out.writeLong(sessions.until(i));
            }
            out.writeInt(open.size());
            for (Map.Entry<String, Place> entry : open.entrySet()) {
                text(out, entry.getKey());
                out.writeLong(entry.getValue().firstSeq());
                out.writeLong(entry.getValue().offset());
                out.writeInt(entry.getValue().length());
            }
            out.writeInt(lastUse.size());
            for (Map.Entry<String, Instant> entry : lastUse.entrySet()) {
                text(out, entry.getKey());
                out.writeLong(entry.getValue().toEpochMilli());
            }
            out.writeBoolean(switches != null);
            text(out, switches == null ? "" : switches);
        }
        byte[] hot = bytes.toByteArray();
        ByteBuffer all =
                ByteBuffer.allocate(START + hot.length + 8 + 8 * places.count())
                        .order(ByteOrder.BIG_ENDIAN);
        all.putInt(MAGIC).putInt(VERSION).putInt(hot.length).putInt(crc(hot)).putInt(0).put(hot);
        all.putInt(places.count());
        int crcAt = all.position();
        all.putInt(0);
        int from = all.position();
        for (int i = 0; i < places.count(); i++) {
            all.putLong(places.source().at(i));
        }
        CRC32C crc = new CRC32C();
        crc.update(all.array(), from, all.position() - from);
        all.putInt(crcAt, (int) crc.getValue());
        all.flip();
        PrivateFiles.replaceUnforced(beside(file), all);
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > 64 << 20) {
            throw new IOException("a text of " + length + " bytes");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /// @param now uses that ended before are left out
    /// @return null when there is none that can be used
    static @Nullable IndexFile read(Path file, long now) {
        Path index = beside(file);
        if (!Files.exists(index)) {
            return null;
        }
        try (FileChannel channel = FileChannel.open(index, StandardOpenOption.READ)) {
            ByteBuffer start = ByteBuffer.allocate(START);
            channel.read(start);
            start.flip();
            if (start.remaining() < START || start.getInt() != MAGIC || start.getInt() != VERSION) {
                return null;
            }
            int length = start.getInt();
            int crc = start.getInt();
            if (length < 0 || START + (long) length + 8 > channel.size()) {
                return null;
            }
            ByteBuffer hot = ByteBuffer.allocate(length + 8);
            while (hot.hasRemaining() && channel.read(hot) >= 0) {}
            byte[] bytes = java.util.Arrays.copyOf(hot.array(), length);
            if (crc(bytes) != crc) {
                return null;
            }
            int count = hot.getInt(length);
            int placesCrc = hot.getInt(length + 4);
            long from = START + (long) length + 8;
            if (count < 0 || from + 8L * count != channel.size()) {
                return null;
            }
            MemorySegment mapped =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
            return parse(
                    bytes,
                    now,
                    new SortedPlaces(new Mapped(mapped, from, count, placesCrc), count));
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            return null;
        }
    }

    private static IndexFile parse(byte[] hot, long now, SortedPlaces places) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(hot));
        long bytes = in.readLong();
        long seq = in.readLong();
        String hash = HexFormat.of().formatHex(in.readNBytes(32));
        long firstMillis = in.readLong();
        long latestUse = in.readLong();
        int count = in.readInt();
        Uses uses = new Uses();
        if (latestUse <= now) {
            in.skipNBytes(8L * Uses.WIDTH * count);
        } else {
            ByteBuffer raw = ByteBuffer.wrap(in.readNBytes(8 * Uses.WIDTH * count));
            for (int i = 0; i < count; i++) {
                Keys.Wide key = new Keys.Wide(raw.getLong(), raw.getLong());
                long presentation = raw.getLong();
                long until = raw.getLong();
                uses.add((int) until & 3, key, presentation, until >> 2, (int) raw.getLong());
            }
        }
        SessionPlaces sessions = new SessionPlaces();
        for (int i = in.readInt(); i > 0; i--) {
            sessions.add(in.readLong(), in.readLong());
        }
        Map<String, Place> open = new HashMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            open.put(text(in), new Place(in.readLong(), in.readLong(), in.readInt()));
        }
        Map<String, Instant> lastUse = new HashMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            lastUse.put(text(in), Instant.ofEpochMilli(in.readLong()));
        }
        boolean known = in.readBoolean();
        String switches = text(in);
        return new IndexFile(
                new Known(bytes, seq, hash),
                firstMillis,
                latestUse,
                uses,
                sessions,
                open,
                lastUse,
                known ? switches : null,
                places);
    }

    /// Entries in a mapped file. Their checksum is looked at before the first of them is: what is
    /// damaged then answers nothing at all, and an issuance that is not found counts as ended.
    private static final class Mapped implements Places.LongSource {
        private static final ValueLayout.OfLong LONG =
                ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

        private final MemorySegment file;
        private final long from;
        private final int count;
        private final int crc;
        private volatile int sound;

        Mapped(MemorySegment file, long from, int count, int crc) {
            this.file = file;
            this.from = from;
            this.count = count;
            this.crc = crc;
        }

        @Override
        public long at(int index) {
            if (sound == 0) {
                CRC32C actual = new CRC32C();
                actual.update(file.asSlice(from, 8L * count).asByteBuffer());
                sound = (int) actual.getValue() == crc ? 1 : -1;
            }
            return sound > 0 ? file.get(LONG, from + 8L * index) : Long.MAX_VALUE;
        }
    }
}
