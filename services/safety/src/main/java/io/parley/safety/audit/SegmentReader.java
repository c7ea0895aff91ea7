package io.parley.safety.audit;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** Reads one segment from its beginning, and checks each entry. Not thread-safe. */
final class SegmentReader implements AutoCloseable {
  static final int MAX_SEALED_BYTES = 1 << 20;

  private static final String KEY_PURPOSE = "segment";

  private final DataInputStream in;
  private final Segment segment;
  private final SegmentCipher cipher;
  private ChainPoint at;
  private long wholeBytes = Segment.HEADER_BYTES;
  private boolean torn;

  private SegmentReader(DataInputStream in, Segment segment, SegmentCipher cipher) {
    this.in = in;
    this.segment = segment;
    this.cipher = cipher;
    this.at = segment.start();
  }

  /**
   * @throws IOException if the file cannot be read, is no segment, or needs a key that is not there
   */
  static SegmentReader open(Path file, AuditKeys keys) throws IOException {
    DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
    try {
      byte[] header = in.readNBytes(Segment.HEADER_BYTES);
      if (header.length < Segment.HEADER_BYTES) {
        throw new IOException("the header is not whole");
      }
      Segment segment = Segment.read(file, ByteBuffer.wrap(header));
      return new SegmentReader(in, segment, new SegmentCipher(key(segment, keys)));
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  static SecretKey key(Segment segment, AuditKeys keys) throws IOException {
    return keys.derive(segment.keyId(), KEY_PURPOSE, HexFormat.of().parseHex(segment.salt()))
        .orElseThrow(
            () ->
                new IOException(
                    "it was written with key "
                        + segment.keyId()
                        + ", which is not among the keys"));
  }

  Segment segment() {
    return segment;
  }

  /** The place in the chain after what was read. */
  ChainPoint at() {
    return at;
  }

  /** Bytes of the file up to the end of the last entry that was read. */
  long wholeBytes() {
    return wholeBytes;
  }

  /** Whether the file ends within an entry, as the last write before a crash may leave it. */
  boolean isTorn() {
    return torn;
  }

  /**
   * The next entry; null at the end of the file or of what is whole in it.
   *
   * @throws IOException if it is not what was written
   */
  @Nullable AuditEntry next() throws IOException {
    byte[] length = in.readNBytes(Integer.BYTES);
    if (length.length == 0) {
      return null;
    }
    int bytes = length.length < Integer.BYTES ? 0 : ByteBuffer.wrap(length).getInt();
    if (length.length == Integer.BYTES && (bytes < 1 || bytes > MAX_SEALED_BYTES)) {
      throw changed(null);
    }
    byte[] sealed = in.readNBytes(bytes);
    if (length.length < Integer.BYTES || sealed.length < bytes) {
      torn = true;
      return null;
    }
    AuditEntry entry = EntryCodec.decode(open(sealed));
    at = at.next(ByteBuffer.wrap(sealed));
    wholeBytes += Integer.BYTES + bytes;
    return entry;
  }

  private byte[] open(byte[] sealed) throws IOException {
    try {
      return cipher.open(at, sealed);
    } catch (GeneralSecurityException e) {
      throw changed(e);
    }
  }

  private IOException changed(@Nullable Exception cause) {
    return new IOException("entry " + (at.seq() + 1) + " is not what was written", cause);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
