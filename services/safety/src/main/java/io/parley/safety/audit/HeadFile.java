package io.parley.safety.audit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * The place that the log had reached when entries were last acknowledged, authenticated by
 * HMAC-SHA256. It tells a log that was cut from one whose last write was torn by a crash. Not
 * thread-safe.
 */
final class HeadFile implements AutoCloseable {
  private static final int BODY_BYTES = AuditKeys.ID_BYTES + Long.BYTES + ChainPoint.HASH_BYTES;
  private static final int MAC_BYTES = 32;
  private static final String PURPOSE = "head";

  private final RandomAccessFile file;
  private final String keyId;
  private final Mac mac;

  private HeadFile(RandomAccessFile file, String keyId, Mac mac) {
    this.file = file;
    this.keyId = keyId;
    this.mac = mac;
  }

  static Path in(Path directory) {
    return directory.resolve("head");
  }

  /** For writing, under the newest key. */
  static HeadFile open(Path directory, AuditKeys keys) throws IOException {
    String keyId = keys.newest();
    return new HeadFile(
        new RandomAccessFile(in(directory).toFile(), "rw"), keyId, mac(keys, keyId));
  }

  /**
   * What a directory's head says; empty if there is none.
   *
   * @throws IOException if it is not what was written
   */
  static Optional<ChainPoint> read(Path directory, AuditKeys keys) throws IOException {
    // A process can die between making the file and writing it for the first time.
    if (Files.notExists(in(directory)) || Files.size(in(directory)) == 0) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(in(directory)));
    if (bytes.remaining() != BODY_BYTES + MAC_BYTES) {
      throw new IOException("the head is damaged");
    }
    byte[] body = take(bytes, BODY_BYTES);
    ByteBuffer fields = ByteBuffer.wrap(body);
    String keyId = HexFormat.of().formatHex(take(fields, AuditKeys.ID_BYTES));
    if (!MessageDigest.isEqual(mac(keys, keyId).doFinal(body), take(bytes, MAC_BYTES))) {
      throw new IOException("the head was changed");
    }
    return Optional.of(ChainPoint.of(fields.getLong(), take(fields, ChainPoint.HASH_BYTES)));
  }

  /** One small write in one page: a process that dies leaves the old head or the new one. */
  void write(ChainPoint reached) throws IOException {
    byte[] body =
        ByteBuffer.allocate(BODY_BYTES)
            .put(HexFormat.of().parseHex(keyId))
            .putLong(reached.seq())
            .put(reached.hash())
            .array();
    ByteBuffer all = ByteBuffer.allocate(BODY_BYTES + MAC_BYTES).put(body).put(mac.doFinal(body));
    file.seek(0);
    file.write(all.array());
  }

  void force() throws IOException {
    file.getFD().sync();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static Mac mac(AuditKeys keys, String keyId) throws IOException {
    SecretKey key =
        keys.derive(keyId, PURPOSE, new byte[0])
            .orElseThrow(
                () ->
                    new IOException(
                        "the head was written with key "
                            + keyId
                            + ", which is not among the keys"));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }

  private static byte[] take(ByteBuffer from, int count) {
    byte[] bytes = new byte[count];
    from.get(bytes);
    return bytes;
  }
}
