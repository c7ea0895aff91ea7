package io.parley.engine;

/**
 * The contents of one block of the key-value cache, from the device to host memory or back.
 *
 * @param block on the device
 * @param slot the place of one block in host memory, counted from 0
 */
public record BlockCopy(Direction direction, int block, int slot) {
  /** Which way. */
  public enum Direction {
    /** From the block to the slot. */
    TO_HOST,
    /** From the slot to the block. */
    FROM_HOST
  }
}
