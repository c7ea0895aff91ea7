package io.parley.model.decoder;

import io.parley.model.kernel.Kernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Keys and values of every layer in blocks of {@code blockTokens} slots, outside of the heap. Which
 * sequence a block serves is for its user to know: the decoder reads and writes what block tables
 * tell it to. Not thread-safe as a whole: belongs to the thread of its decoder, whose compute pool
 * may read all of it at once, and write slots that differ.
 *
 * <p>Within a layer, a block holds head after head. A head's keys stand by dimension and its values
 * by slot, as {@link io.parley.model.kernel.AttentionKernel} reads them. The memory goes back when
 * the cache is no longer reachable.
 */
public final class KvCache {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort HALF =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final float LARGEST_HALF = 65_504;
  private static final int ALIGNMENT = 64;

  private final KvCacheType type;
  private final int blocks;
  private final int blockTokens;
  private final int headSize;
  private final int heads;
  private final int headLength;
  private final List<MemorySegment> keys;
  private final List<MemorySegment> values;

  /** As {@link #KvCache(DecoderConfig, int, int, KvCacheType)}, with F32. */
  public KvCache(DecoderConfig config, int blocks, int blockTokens) {
    this(config, blocks, blockTokens, KvCacheType.F32);
  }

  /**
   * Allocates all blocks, {@link #bytesPerBlock} each.
   *
   * @param blocks at least 1
   * @param blockTokens slots of a block, at least 1
   * @throws IllegalArgumentException if one of them is less, or there is not so much memory outside
   *     of the heap
   */
  public KvCache(DecoderConfig config, int blocks, int blockTokens, KvCacheType type) {
    if (blocks < 1 || blockTokens < 1) {
      throw new IllegalArgumentException(
          "blocks and blockTokens must be at least 1, not %d and %d"
              .formatted(blocks, blockTokens));
    }
    this.type = type;
    this.blocks = blocks;
    this.blockTokens = blockTokens;
    this.headSize = config.headSize();
    this.heads = config.kvHeads();
    this.headLength = Math.multiplyExact(headSize, blockTokens);
    long bytes =
        Math.multiplyExact(
            (long) headLength * heads, Math.multiplyExact((long) blocks, type.bytes()));
    Arena arena = Arena.ofAuto();
    this.keys = allocate(arena, config.layers(), bytes);
    this.values = allocate(arena, config.layers(), bytes);
  }

  private static List<MemorySegment> allocate(Arena arena, int layers, long bytes) {
    try {
      return IntStream.range(0, layers).mapToObj(i -> arena.allocate(bytes, ALIGNMENT)).toList();
    } catch (OutOfMemoryError e) {
      // The JVM's own limit, which is as much as the heap if -XX:MaxDirectMemorySize sets no other.
      throw new IllegalArgumentException(
          "%d bytes for keys and values are too many: %s"
              .formatted(Math.multiplyExact(2L * layers, bytes), e.getMessage()),
          e);
    }
  }

  /** Memory that one block takes over all layers, stored as F32. */
  public static long bytesPerBlock(DecoderConfig config, int blockTokens) {
    return bytesPerBlock(config, blockTokens, KvCacheType.F32);
  }

  /** Memory that one block takes over all layers. */
  public static long bytesPerBlock(DecoderConfig config, int blockTokens, KvCacheType type) {
    return 2L * type.bytes() * config.layers() * config.kvWidth() * blockTokens;
  }

  public int blocks() {
    return blocks;
  }

  /** Slots of a block. */
  public int blockTokens() {
    return blockTokens;
  }

  public KvCacheType type() {
    return type;
  }

  /** Where a head's part of a block begins, in keys and in values, counted in numbers. */
  private long index(int block, int head) {
    return ((long) block * heads + head) * headLength;
  }

  /** Copies a head's keys of one block, by dimension, to {@code out[at...]}. */
  void readKeys(int layer, int block, int head, Kernels kernels, float[] out, int at) {
    read(keys.get(layer), index(block, head), kernels, out, at);
  }

  /** Copies a head's values of one block, by slot, to {@code out[at...]}. */
  void readValues(int layer, int block, int head, Kernels kernels, float[] out, int at) {
    read(values.get(layer), index(block, head), kernels, out, at);
  }

  private void read(MemorySegment from, long index, Kernels kernels, float[] out, int at) {
    switch (type) {
      case F32 -> MemorySegment.copy(from, FLOAT, index * Float.BYTES, out, at, headLength);
      case F16 -> kernels.widenHalves(from, index * Short.BYTES, out, at, headLength);
    }
  }

  /**
   * Copies the keys and values of one block, of all layers.
   *
   * @param to a cache of the same shape and type, but maybe another number of blocks
   */
  public void copyBlock(int block, KvCache to, int toBlock) {
    long bytes = (long) headLength * heads * type.bytes();
    for (int layer = 0; layer < keys.size(); layer++) {
      copy(keys.get(layer), block * bytes, to.keys.get(layer), toBlock * bytes, bytes);
      copy(values.get(layer), block * bytes, to.values.get(layer), toBlock * bytes, bytes);
    }
  }

  private static void copy(MemorySegment from, long at, MemorySegment to, long toAt, long bytes) {
    MemorySegment.copy(from, at, to, toAt, bytes);
  }

  /** Stores the keys and values of all heads for one token, from {@code key[at]} on. */
  void store(int layer, int block, int slot, float[] key, float[] value, int at) {
    for (int head = 0; head < heads; head++) {
      long to = index(block, head);
      int from = at + head * headSize;
      switch (type) {
        case F32 -> storeFloats(layer, to, slot, key, value, from);
        case F16 -> storeHalves(layer, to, slot, key, value, from);
      }
    }
  }

  private void storeFloats(int layer, long to, int slot, float[] key, float[] value, int from) {
    MemorySegment layerKeys = keys.get(layer);
    for (int d = 0; d < headSize; d++) {
      layerKeys.setAtIndex(FLOAT, to + (long) d * blockTokens + slot, key[from + d]);
    }
    long at = (to + (long) slot * headSize) * Float.BYTES;
    MemorySegment.copy(value, from, values.get(layer), FLOAT, at, headSize);
  }

  private void storeHalves(int layer, long to, int slot, float[] key, float[] value, int from) {
    MemorySegment layerKeys = keys.get(layer);
    MemorySegment layerValues = values.get(layer);
    for (int d = 0; d < headSize; d++) {
      layerKeys.setAtIndex(HALF, to + (long) d * blockTokens + slot, half(key[from + d]));
      layerValues.setAtIndex(HALF, to + (long) slot * headSize + d, half(value[from + d]));
    }
  }

  private static short half(float value) {
    return Float.floatToFloat16(Math.clamp(value, -LARGEST_HALF, LARGEST_HALF));
  }
}
