package io.parley.concurrent.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.concurrent.Threads;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A child process uses a cache and says after each operation that it has returned; it is killed
 * with SIGKILL at a random moment. What comes back must be what a model holds after the operations
 * that had returned, or after one more.
 */
@Timeout(600)
class DurableLruCacheKillTest {
  private static final long MAX_BYTES = 500; // small, so that rewrites are killed too

  @TempDir Path directory;

  @Test
  void survivesKills() throws Exception {
    killAgainAndAgain(6, 42);
  }

  @Test
  @Tag("soak")
  void survivesManyKills() throws Exception {
    killAgainAndAgain(300, 43);
  }

  private void killAgainAndAgain(int kills, long seed) throws Exception {
    Random random = new Random(seed);
    DurableModel model = new DurableModel(MAX_BYTES);
    long acknowledged = 0;
    for (int kill = 0; kill < kills; kill++) {
      long operationsSeed = random.nextLong();
      long returned = runAndKill(operationsSeed, 1 + random.nextInt(20_000));
      acknowledged += returned;
      Random operations = new Random(operationsSeed);
      for (long i = 0; i < returned; i++) {
        DurableModel.Operation.random(operations).applyTo(model);
      }
      List<Map.Entry<String, String>> expected = model.contents();
      DurableModel.Operation underWay = DurableModel.Operation.random(operations);
      List<Map.Entry<String, String>> found = reopen();
      if (!found.equals(expected)) {
        underWay.applyTo(model);
        assertThat(found)
            .as("kill %d after %d operations", kill, returned)
            .isEqualTo(model.contents());
      }
    }
    assertThat(acknowledged).isGreaterThan(kills);
  }

  /** How many operations had returned when the child was killed. */
  private long runAndKill(long operationsSeed, int atLeast) throws Exception {
    Path acknowledgements = directory.resolve("acknowledged");
    Files.deleteIfExists(acknowledgements);
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                DurableLruCacheChild.class.getName(),
                directory.toString(),
                Long.toString(operationsSeed))
            .redirectOutput(acknowledgements.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      Threads.until(() -> acknowledgements.toFile().length() >= atLeast || !child.isAlive());
    } finally {
      child.destroyForcibly();
    }
    assertThat(child.waitFor()).as("ended by SIGKILL").isEqualTo(128 + 9);
    return Files.size(acknowledgements);
  }

  private List<Map.Entry<String, String>> reopen() throws IOException {
    var settings = new DurableLruCache.Settings<>(MAX_BYTES, Codec.utf8(), Codec.utf8());
    assertThat(Files.size(directory.resolve("cache.log"))).isLessThanOrEqualTo(2 * MAX_BYTES + 8);
    try (var cache = DurableLruCache.open(directory, settings)) {
      assertThat(cache.recovery().damaged()).isFalse();
      return cache.keysOldestFirst().stream()
          .map(key -> Map.entry(key, String.valueOf(cache.get(key))))
          .toList();
    }
  }

  /** The process that is killed: a byte to its output for each operation that has returned. */
  static final class DurableLruCacheChild {
    private DurableLruCacheChild() {}

    public static void main(String[] args) throws IOException {
      Random operations = new Random(Long.parseLong(args[1]));
      var settings = new DurableLruCache.Settings<>(MAX_BYTES, Codec.utf8(), Codec.utf8());
      try (var cache = DurableLruCache.open(Path.of(args[0]), settings);
          OutputStream out = new FileOutputStream(FileDescriptor.out)) {
        while (true) {
          DurableModel.Operation.random(operations).applyTo(cache);
          out.write(1);
        }
      }
    }
  }
}
