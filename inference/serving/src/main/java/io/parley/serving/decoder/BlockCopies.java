package io.parley.serving.decoder;

import io.parley.common.TimeSource;
import io.parley.engine.BlockCopy;
import io.parley.model.decoder.KvCache;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the copies of a plan between a key-value cache and the place where swapped blocks wait: a
 * second cache, which takes no memory before it is needed. Belongs to the thread of its engine.
 */
final class BlockCopies {
  private final KvCache cache;
  private final Supplier<KvCache> hostMemory;
  private final TimeSource time;
  private @Nullable KvCache host;

  /**
   * Copies from and to {@code cache}.
   *
   * @param hostMemory gives a cache of the same shape, with a block for each slot; asked once, and
   *     only if there is something to copy
   */
  BlockCopies(KvCache cache, Supplier<KvCache> hostMemory, TimeSource time) {
    this.cache = cache;
    this.hostMemory = hostMemory;
    this.time = time;
  }

  /** Makes them one after the other; returns how long it took, in nanoseconds. */
  long make(List<BlockCopy> copies) {
    if (copies.isEmpty()) {
      return 0;
    }
    KvCache slots = host();
    long began = time.nanoTime();
    for (BlockCopy copy : copies) {
      switch (copy.direction()) {
        case TO_HOST -> cache.copyBlock(copy.block(), slots, copy.slot());
        case FROM_HOST -> slots.copyBlock(copy.slot(), cache, copy.block());
      }
    }
    return time.nanoTime() - began;
  }

  private KvCache host() {
    if (host == null) {
      host = hostMemory.get();
    }
    return host;
  }
}
