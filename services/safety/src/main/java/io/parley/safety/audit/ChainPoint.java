package io.parley.safety.audit;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A place in the chain: the number of an entry and the hash of everything up to it. Whoever knows
 * one can tell whether a log still has all that it had then. Immutable.
 */
public final class ChainPoint {
  static final int HASH_BYTES = 32;

  /** Before the first entry. */
  public static final ChainPoint START = new ChainPoint(0, new byte[HASH_BYTES]);

  private final long seq;
  private final byte[] hash;

  private ChainPoint(long seq, byte[] hash) {
    this.seq = seq;
    this.hash = hash;
  }

  static ChainPoint of(long seq, byte[] hash) {
    if (seq < 0 || hash.length != HASH_BYTES) {
      throw new IllegalArgumentException("not a place in a chain");
    }
    return new ChainPoint(seq, hash.clone());
  }

  /**
   * What {@link #toString} made.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static ChainPoint parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("must be NUMBER:HASH, as ./parley audit head prints it");
    }
    return of(
        Long.parseLong(text.substring(0, colon)),
        HexFormat.of().parseHex(text.substring(colon + 1)));
  }

  /** The number of the last entry, 0 before the first. */
  public long seq() {
    return seq;
  }

  byte[] hash() {
    return hash.clone();
  }

  /** The same entry, with a segment's header bound into the chain. */
  ChainPoint through(ByteBuffer header) {
    return new ChainPoint(seq, hash(header));
  }

  /** The next entry. */
  ChainPoint next(ByteBuffer sealed) {
    return new ChainPoint(seq + 1, hash(sealed));
  }

  /** What binds the next entry to its number and to all before it. */
  byte[] binding() {
    return ByteBuffer.allocate(Long.BYTES + HASH_BYTES).putLong(seq + 1).put(hash).array();
  }

  private byte[] hash(ByteBuffer bytes) {
    MessageDigest sha = sha256();
    sha.update(binding());
    sha.update(bytes.duplicate());
    return sha.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChainPoint point
        && seq == point.seq
        && MessageDigest.isEqual(hash, point.hash);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hash);
  }

  /** The number and the hash in hex, with a colon between. */
  @Override
  public String toString() {
    return seq + ":" + HexFormat.of().formatHex(hash);
  }
}
