package io.parley.concurrent.cache;

import io.parley.concurrent.Interleavings;
import io.parley.concurrent.VirtualClock;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reads, writes, the order of use and the passing of time are linearizable together. */
@Param(name = "key", gen = IntGen.class, conf = "1:3")
public class LruCacheInterleavingsTest {
  private final VirtualClock clock = new VirtualClock();
  private final LruCache<Integer, Integer> cache =
      new LruCache<>(CacheSettings.<Integer, Integer>maxEntries(2).withTtl(10, clock));

  @Operation
  public @Nullable Integer get(@Param(name = "key") int key) {
    return cache.get(key);
  }

  @Operation
  public @Nullable Integer put(
      @Param(name = "key") int key, @Param(gen = IntGen.class, conf = "1:9") int value) {
    return cache.put(key, value);
  }

  @Operation
  public @Nullable Integer remove(@Param(name = "key") int key) {
    return cache.remove(key);
  }

  @Operation
  public List<Integer> keysOldestFirst() {
    return cache.keysOldestFirst();
  }

  @Operation
  public void timePasses() {
    clock.advance(4);
  }

  @Test
  void isLinearizableUnderAllSwitchesThatWereTried() {
    Interleavings.modelCheck(LruCacheInterleavingsTest.class, 25);
  }

  @Test
  @Tag("soak")
  void isLinearizableUnderStress() {
    Interleavings.stress(LruCacheInterleavingsTest.class);
  }
}
