package io.parley.model.decoder;

/** How keys and values are stored. */
public enum KvCacheType {
  /** As they were computed. */
  F32(4),
  /** Rounded to binary16: half the memory. Beyond its range values become its largest. */
  F16(2);

  private final int bytes;

  KvCacheType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one number. */
  public int bytes() {
    return bytes;
  }
}
