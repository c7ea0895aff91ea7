package io.parley.model.decoder;

/**
 * Keys and values of every layer in blocks of {@code blockTokens} slots. Which sequence a block
 * serves is for its user to know: the decoder reads and writes what block tables tell it to. Not
 * thread-safe; belongs to the thread of its decoder.
 *
 * <p>Within a layer, a block holds head after head. A head's keys stand by dimension and its values
 * by slot, as {@link io.parley.model.kernel.AttentionKernel} reads them.
 */
public final class KvCache {
  private final int blocks;
  private final int blockTokens;
  private final int headSize;
  private final int headLength;
  private final int blockLength;
  private final float[][] keys;
  private final float[][] values;

  /**
   * Allocates all blocks, {@link #bytesPerBlock} each.
   *
   * @param blocks at least 1
   * @param blockTokens slots of a block, at least 1
   * @throws IllegalArgumentException if a layer's keys would exceed 2^31 floats
   */
  public KvCache(DecoderConfig config, int blocks, int blockTokens) {
    if (blocks < 1 || blockTokens < 1) {
      throw new IllegalArgumentException(
          "blocks and blockTokens must be at least 1, not %d and %d"
              .formatted(blocks, blockTokens));
    }
    long length = Math.multiplyExact((long) config.kvWidth() * blocks, blockTokens);
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "%d blocks of %d tokens are too many: at most 2^31 floats a layer"
              .formatted(blocks, blockTokens));
    }
    this.blocks = blocks;
    this.blockTokens = blockTokens;
    this.headSize = config.headSize();
    this.headLength = headSize * blockTokens;
    this.blockLength = config.kvHeads() * headLength;
    this.keys = new float[config.layers()][(int) length];
    this.values = new float[config.layers()][(int) length];
  }

  /** Memory that one block takes over all layers. */
  public static long bytesPerBlock(DecoderConfig config, int blockTokens) {
    return 2L * Float.BYTES * config.layers() * config.kvWidth() * blockTokens;
  }

  public int blocks() {
    return blocks;
  }

  /** Slots of a block. */
  public int blockTokens() {
    return blockTokens;
  }

  float[] keys(int layer) {
    return keys[layer];
  }

  float[] values(int layer) {
    return values[layer];
  }

  /** Where a head's part of a block begins, in keys and in values. */
  int offset(int block, int head) {
    return block * blockLength + head * headLength;
  }

  /**
   * Copies the keys and values of one block, of all layers.
   *
   * @param to a cache of the same shape but maybe another number of blocks
   */
  public void copyBlock(int block, KvCache to, int toBlock) {
    for (int layer = 0; layer < keys.length; layer++) {
      System.arraycopy(
          keys[layer], block * blockLength, to.keys[layer], toBlock * blockLength, blockLength);
      System.arraycopy(
          values[layer], block * blockLength, to.values[layer], toBlock * blockLength, blockLength);
    }
  }

  /** Stores the keys and values of all heads for one token, from {@code key[at]} on. */
  void store(int layer, int block, int slot, float[] key, float[] value, int at) {
    int heads = blockLength / headLength;
    for (int head = 0; head < heads; head++) {
      int from = at + head * headSize;
      int to = offset(block, head);
      for (int d = 0; d < headSize; d++) {
        keys[layer][to + d * blockTokens + slot] = key[from + d];
      }
      System.arraycopy(value, from, values[layer], to + slot * headSize, headSize);
    }
  }
}
