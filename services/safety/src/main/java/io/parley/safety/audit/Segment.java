package io.parley.safety.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The head of one file of the log.
 *
 * <pre>
 *   8 bytes  "PLYAUD01"
 *   8        when it was begun, ms since 1970
 *   8        number of the entry before it
 *  32        hash of the chain there
 *   8        id of the key
 *  16        salt of the key
 * then for each entry
 *   4        length of what follows
 *   n        the entry, AES-256-GCM: its nonce is its number, its additional data are its number
 *            and the hash of everything before it
 * </pre>
 *
 * @param before the place in the chain where it begins
 * @param keyId in hex
 * @param salt in hex
 */
record Segment(Path file, Instant begun, ChainPoint before, String keyId, String salt) {
  static final int HEADER_BYTES = 80;
  static final int SALT_BYTES = 16;

  private static final byte[] MAGIC = "PLYAUD01".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern NAME = Pattern.compile("[0-9]{19}\\.audit");

  /** All segments of a directory, oldest first. */
  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> NAME.matcher(String.valueOf(file.getFileName())).matches())
          .sorted()
          .toList();
    }
  }

  /** Named after its first entry, so that names sort as the chain goes. */
  static Path file(Path directory, ChainPoint before) {
    return directory.resolve("%019d.audit".formatted(before.seq() + 1));
  }

  /**
   * @throws IOException if these bytes are no header
   */
  static Segment read(Path file, ByteBuffer header) throws IOException {
    byte[] magic = bytes(header, MAGIC.length);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new IOException("this is no segment of an audit log");
    }
    Instant begun = Instant.ofEpochMilli(header.getLong());
    long seq = header.getLong();
    if (seq < 0) {
      throw new IOException("the header is damaged");
    }
    ChainPoint before = ChainPoint.of(seq, bytes(header, ChainPoint.HASH_BYTES));
    String keyId = HexFormat.of().formatHex(bytes(header, AuditKeys.ID_BYTES));
    return new Segment(
        file, begun, before, keyId, HexFormat.of().formatHex(bytes(header, SALT_BYTES)));
  }

  ByteBuffer header() {
    return ByteBuffer.allocate(HEADER_BYTES)
        .put(MAGIC)
        .putLong(begun.toEpochMilli())
        .putLong(before.seq())
        .put(before.hash())
        .put(HexFormat.of().parseHex(keyId))
        .put(HexFormat.of().parseHex(salt))
        .flip();
  }

  /** Where the chain stands before the first entry. */
  ChainPoint start() {
    return before.through(header());
  }

  private static byte[] bytes(ByteBuffer from, int count) {
    byte[] bytes = new byte[count];
    from.get(bytes);
    return bytes;
  }
}
