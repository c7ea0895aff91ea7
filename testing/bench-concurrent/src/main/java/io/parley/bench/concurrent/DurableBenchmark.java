package io.parley.bench.concurrent;

import io.parley.concurrent.cache.Codec;
import io.parley.concurrent.cache.DurableLruCache;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A durable cache of 1,000 values of 1 kB: every operation is in the file when it returns. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class DurableBenchmark {
  private final byte[] value = "v".repeat(1_000).getBytes(StandardCharsets.UTF_8);
  private final Integer[] keys = Zipf.draws(2_000, 0.99, 1 << 16, 1);
  private @Nullable Path directory;
  private @Nullable DurableLruCache<String, byte[]> cache;
  private int next;

  @Setup
  public void open() throws IOException {
    directory = Files.createTempDirectory("bench-durable");
    cache =
        DurableLruCache.open(
            directory, new DurableLruCache.Settings<>(1_100_000, Codec.utf8(), Codec.bytes()));
    for (int key = 0; key < 1_000; key++) {
      cache.put("key " + key, value);
    }
  }

  @TearDown
  public void close() throws IOException {
    cache().close();
    if (directory != null) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  private DurableLruCache<String, byte[]> cache() {
    if (cache == null) {
      throw new IllegalStateException("not open");
    }
    return cache;
  }

  private String key() {
    return "key " + keys[next++ & (keys.length - 1)];
  }

  @Benchmark
  public byte @Nullable [] get() {
    return cache().get(key());
  }

  @Benchmark
  public byte @Nullable [] put() {
    return cache().put(key(), value);
  }

  /** A snapshot of everything after each change is the simple way to have the same promise. */
  @Benchmark
  public Map.Entry<String, Integer> snapshotOfEverything() throws IOException {
    if (directory == null) {
      throw new IllegalStateException("not open");
    }
    Path file = directory.resolve("snapshot");
    StringBuilder all = new StringBuilder(1_100_000);
    for (String key : cache().keysOldestFirst()) {
      all.append(key).append(new String(value, StandardCharsets.UTF_8));
    }
    Files.writeString(file, all);
    return Map.entry(key(), all.length());
  }
}
