package io.parley.gateway.usage.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * One file of a journal.
 *
 * <pre>
 *   8 bytes  "PLYUSE01"
 *  16        id of the journal
 *   8        number of the first event
 *   4        CRC-32C of all that
 * then for each event
 *   4        length of what follows the checksum
 *   4        CRC-32C of the event's number (8 bytes) and of what follows
 *   n        the event, see EventCodec
 * then zeros, or nothing
 * </pre>
 *
 * <p>The number is not stored with an event: it follows from its place. That it is part of the
 * checksum makes an event in another's place as wrong as a damaged one.
 *
 * @param journalId in hex
 * @param first number of its first event, from 1
 */
record Segment(Path file, String journalId, long first) {
  static final int HEADER_BYTES = 36;
  static final int ID_BYTES = 16;

  /** Length and checksum before each event. */
  static final int FRAME_BYTES = 2 * Integer.BYTES;

  /** No event is nearly as long; a length beyond this is damage. */
  static final int MAX_EVENT_BYTES = 1 << 24;

  private static final byte[] MAGIC = "PLYUSE01".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern NAME = Pattern.compile("[0-9]{19}\\.journal");

  static Segment of(Path directory, String journalId, long first) {
    return new Segment(file(directory, first), journalId, first);
  }

  /** Named after its first event, so that names sort as the journal goes. */
  static Path file(Path directory, long first) {
    return directory.resolve("%019d.journal".formatted(first));
  }

  /** All files of a journal, oldest first. */
  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> NAME.matcher(String.valueOf(file.getFileName())).matches())
          .sorted()
          .toList();
    }
  }

  /**
   * @throws IOException if the file does not begin as a segment does
   */
  static Segment read(Path file, FileChannel channel) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    while (header.hasRemaining() && channel.read(header, header.position()) >= 0) {
      // on to the rest of it
    }
    if (header.hasRemaining()) {
      throw new IOException(file + " is too short to be a part of a usage journal");
    }
    header.flip();
    byte[] magic = new byte[MAGIC.length];
    byte[] id = new byte[ID_BYTES];
    header.get(magic).get(id);
    long first = header.getLong();
    if (!Arrays.equals(magic, MAGIC) || header.getInt() != checksum(header.array()) || first < 1) {
      throw new IOException(file + " is no part of a usage journal");
    }
    return new Segment(file, HexFormat.of().formatHex(id), first);
  }

  ByteBuffer header() {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.put(MAGIC).put(HexFormat.of().parseHex(journalId)).putLong(first);
    return header.putInt(checksum(header.array())).flip();
  }

  private static int checksum(byte[] header) {
    CRC32C crc = new CRC32C();
    crc.update(header, 0, HEADER_BYTES - Integer.BYTES);
    return (int) crc.getValue();
  }

  /** What guards an event at its place. */
  static int checksum(long number, byte[] event) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
    crc.update(event);
    return (int) crc.getValue();
  }
}
