package io.parley.concurrent.pipeline;

/** A block could not be read or processed; all blocks before it were merged, none after it. */
public final class BlockFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final long index;

  BlockFailedException(long index, String what, Throwable cause) {
    super("block %d could not be %s: %s".formatted(index, what, cause), cause);
    this.index = index;
  }

  /** Which block, from 0 on. */
  public long index() {
    return index;
  }
}
