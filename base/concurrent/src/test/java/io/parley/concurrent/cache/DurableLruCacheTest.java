package io.parley.concurrent.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.concurrent.VirtualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableLruCacheTest {
  @TempDir Path directory;

  private static DurableLruCache.Settings<String, String> upTo(long maxBytes) {
    return new DurableLruCache.Settings<>(maxBytes, Codec.utf8(), Codec.utf8());
  }

  private DurableLruCache<String, String> open(long maxBytes) throws IOException {
    return DurableLruCache.open(directory, upTo(maxBytes));
  }

  @Test
  void contentsAndOrderOfUseComeBack() throws IOException {
    try (var cache = open(1_000)) {
      cache.put("a", "1");
      cache.put("b", "2");
      cache.put("c", "3");
      assertThat(cache.get("a")).isEqualTo("1");
      assertThat(cache.remove("b")).isEqualTo("2");
      assertThat(cache.put("c", "33")).isEqualTo("3");
      assertThat(cache.get("a")).isEqualTo("1");
    }
    try (var cache = open(1_000)) {
      assertThat(cache.keysOldestFirst()).containsExactly("c", "a");
      assertThat(cache.get("c")).isEqualTo("33");
      assertThat(cache.get("b")).isNull();
      assertThat(cache.recovery()).isEqualTo(new DurableLruCache.Recovery(2, 0, false));
    }
    try (var cache = open(1_000)) {
      assertThat(cache.keysOldestFirst()).containsExactly("a", "c");
    }
  }

  @Test
  void evictsByWeightAndWhatWasEvictedStaysAwayUnderALargerLimit() throws IOException {
    long one = CacheLog.putRecordBytes(1, 10);
    try (var cache = open(2 * one)) {
      cache.put("a", "0123456789");
      cache.put("b", "0123456789");
      cache.put("c", "0123456789");
      assertThat(cache.keysOldestFirst()).containsExactly("b", "c");
      assertThat(cache.weightBytes()).isEqualTo(2 * one);
      assertThat(cache.put("b", "x".repeat(1_000))).isEqualTo("0123456789");
      assertThat(cache.keysOldestFirst()).containsExactly("c");
    }
    try (var cache = open(100 * one)) {
      assertThat(cache.keysOldestFirst()).containsExactly("c");
      cache.put("d", "0123456789");
    }
    try (var cache = open(one)) {
      assertThat(cache.keysOldestFirst()).containsExactly("d");
    }
  }

  @Test
  void timeGoesOnWhileNobodyHasItOpen() throws IOException {
    VirtualClock epochMs = new VirtualClock(1_000);
    var settings = new DurableLruCache.Settings<>(1_000, 100, Codec.utf8(), Codec.utf8(), epochMs);
    try (var cache = DurableLruCache.open(directory, settings)) {
      cache.put("a", "1");
      epochMs.advance(50);
      cache.put("b", "2");
      assertThat(cache.get("a")).isEqualTo("1");
    }
    epochMs.advance(50);
    try (var cache = DurableLruCache.open(directory, settings)) {
      assertThat(cache.keysOldestFirst()).containsExactly("b");
      epochMs.advance(50);
      assertThat(cache.get("b")).isNull();
      assertThat(cache.size()).isZero();
    }
  }

  @Test
  void theFileStaysWithinItsBound() throws IOException {
    Random random = new Random(1);
    try (var cache = open(2_000)) {
      for (int i = 0; i < 20_000; i++) {
        String key = "key " + random.nextInt(60);
        if (random.nextInt(3) == 0) {
          cache.put(key, "v".repeat(random.nextInt(100)));
        } else {
          cache.get(key);
        }
        assertThat(cache.fileBytes()).isLessThanOrEqualTo(4_008);
        assertThat(cache.weightBytes()).isLessThanOrEqualTo(2_000);
      }
      assertThat(Files.size(directory.resolve("cache.log"))).isEqualTo(cache.fileBytes());
    }
  }

  @Test
  void aDirectoryIsOpenOnce() throws IOException {
    try (var cache = open(100)) {
      assertThatThrownBy(() -> open(100)).hasMessageContaining("another cache");
      cache.put("a", "1");
    }
    open(100).close();
  }

  @Test
  void aClosedCacheSaysSo() throws IOException {
    var cache = open(100);
    cache.close();
    cache.close();
    assertThatThrownBy(() -> cache.put("a", "1")).isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> cache.get("a")).hasMessageContaining("closed");
  }

  @Test
  void aCodecThatFailsInARewriteFailsTheCacheAndNotTheFile() throws IOException {
    boolean[] broken = {false};
    Codec<String> codec =
        new Codec<>() {
          @Override
          public byte[] encode(String value) {
            if (broken[0] && value.equals("1")) {
              throw new IllegalStateException("broken");
            }
            return Codec.utf8().encode(value);
          }

          @Override
          public String decode(byte[] bytes) {
            return Codec.utf8().decode(bytes);
          }
        };
    var settings = new DurableLruCache.Settings<>(200, Codec.utf8(), codec);
    try (var cache = DurableLruCache.open(directory, settings)) {
      cache.put("a", "1");
      cache.put("b", "2");
      broken[0] = true;
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  cache.get("a");
                  cache.get("b");
                }
              })
          .isInstanceOf(UncheckedIOException.class);
      assertThatThrownBy(() -> cache.get("b")).isInstanceOf(UncheckedIOException.class);
    }
    try (var cache = open(200)) {
      assertThat(cache.keysOldestFirst()).containsExactlyInAnyOrder("a", "b");
    }
  }

  @Test
  void clearingLeavesNothingInTheFile() throws IOException {
    try (var cache = open(1_000)) {
      cache.put("a", "1");
      cache.clear();
      assertThat(cache.fileBytes()).isEqualTo(CacheLog.HEADER_BYTES);
      cache.put("b", "2");
    }
    try (var cache = open(1_000)) {
      assertThat(cache.keysOldestFirst()).containsExactly("b");
    }
  }

  /** What the cache held after an operation, in order of use, and how long its file was then. */
  private record Moment(long fileBytes, List<Map.Entry<String, String>> contents) {}

  /** Operations until just before the first rewrite, so that the file holds all of them. */
  private List<Moment> history(long maxBytes, long seed) throws IOException {
    Random random = new Random(seed);
    List<Moment> moments = new ArrayList<>();
    DurableModel model = new DurableModel(maxBytes);
    try (var cache = open(maxBytes)) {
      moments.add(new Moment(cache.fileBytes(), model.contents()));
      while (cache.fileBytes() < 2 * maxBytes - 150) {
        DurableModel.Operation operation = DurableModel.Operation.random(random);
        operation.applyTo(cache);
        operation.applyTo(model);
        moments.add(new Moment(cache.fileBytes(), model.contents()));
      }
    }
    return moments;
  }

  @Test
  void aTornTailAtEveryByteLosesTheOperationUnderWayAtMost() throws IOException {
    List<Moment> moments = history(400, 5);
    Path file = directory.resolve("cache.log");
    byte[] whole = Files.readAllBytes(file);
    assertThat(moments).hasSizeGreaterThan(15);
    assertThat(whole.length).isEqualTo((int) moments.getLast().fileBytes);
    for (int cut = 0; cut <= whole.length; cut++) {
      Files.write(file, Arrays.copyOf(whole, cut));
      int last = 0;
      while (last + 1 < moments.size() && moments.get(last + 1).fileBytes <= cut) {
        last++;
      }
      Moment next = moments.get(Math.min(last + 1, moments.size() - 1));
      try (var cache = open(400)) {
        assertThat(cache.recovery().damaged()).isFalse();
        assertThat(contentsOf(cache)).isIn(moments.get(last).contents, next.contents);
      }
    }
  }

  private static List<Map.Entry<String, String>> contentsOf(DurableLruCache<String, String> cache) {
    return cache.keysOldestFirst().stream()
        .map(key -> Map.entry(key, String.valueOf(cache.get(key))))
        .toList();
  }

  @Test
  void anyFlippedBitMakesItEmptyAndNeverWrong() throws IOException {
    history(400, 6);
    Path file = directory.resolve("cache.log");
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      Files.write(file, flipped);
      try (var cache = open(400)) {
        assertThat(cache.recovery()).isEqualTo(new DurableLruCache.Recovery(0, 0, true));
        assertThat(cache.size()).isZero();
      }
    }
  }

  @Property(tries = 60)
  void agreesWithItsModelOverManyReopenings(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    Path own = Files.createTempDirectory("durable-lru");
    long maxBytes = 300;
    DurableModel model = new DurableModel(maxBytes);
    for (int session = 0; session < 4; session++) {
      try (var cache = DurableLruCache.open(own, upTo(maxBytes))) {
        assertThat(cache.keysOldestFirst()).isEqualTo(model.keysOldestFirst());
        for (int i = 0; i < 60; i++) {
          DurableModel.Operation operation = DurableModel.Operation.random(random);
          assertThat(operation.applyTo(cache)).isEqualTo(operation.applyTo(model));
        }
        assertThat(cache.keysOldestFirst()).isEqualTo(model.keysOldestFirst());
      }
    }
    for (String name : List.of("cache.log", "cache.lock")) {
      Files.delete(own.resolve(name));
    }
    Files.delete(own);
  }
}
