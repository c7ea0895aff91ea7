package io.parley.model.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Valid files with random damage: each is taken or refused, without another exception, a crash or
 * much memory. {@link ReadersFuzzTest} looks further, for longer.
 */
@Timeout(120)
class MutatedFilesTest {
  private static final int ROUNDS = 400;

  private static final List<String> TEXTS =
      List.of(
          "null", "-1", "0", "1e99", "[[[[", "{}", "\"\"", "9223372036854775807", "true", "\\u");

  @TempDir Path directory;

  @Test
  void damagedGgufIsTakenOrRefused() throws IOException {
    Readers readers = new Readers(directory);
    byte[] valid = readers.gguf();
    assertThat(readers.readGguf(valid)).isTrue();
    // The tail holds weights, where any bytes are as good as others.
    int head = Math.min(valid.length, 16_384);
    assertThat(refusals(valid, head, readers::readGguf)).isGreaterThan(ROUNDS / 10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "config.json", "tokenizer.json"})
  void damagedDirectoriesAreTakenOrRefused(String name) throws IOException {
    Readers readers = new Readers(directory);
    readers.writeDirectory();
    byte[] valid = readers.file(name);
    assertThat(readers.readDirectory(name, valid)).isTrue();
    assertThat(refusals(valid, valid.length, bytes -> readers.readDirectory(name, bytes)))
        .isGreaterThan(ROUNDS / 10);
  }

  /** Each was once answered by another exception. */
  @Test
  void whatWasFoundBeforeIsTakenOrRefused() throws IOException {
    Readers readers = new Readers(directory);
    readers.writeDirectory();
    Map<String, String> files =
        Map.of(
            "config",
            "config.json",
            "tokenizer",
            "tokenizer.json",
            "safetensors",
            "model.safetensors");
    List<Path> found = found();
    assertThat(found).isNotEmpty();
    for (Path path : found) {
      String reader = path.getParent().getFileName().toString();
      byte[] bytes = Files.readAllBytes(path);
      if (reader.equals("gguf")) {
        readers.readGguf(bytes);
      } else {
        String name = files.getOrDefault(reader, reader);
        byte[] valid = readers.file(name);
        readers.readDirectory(name, bytes);
        assertThat(readers.readDirectory(name, valid)).isTrue();
      }
    }
  }

  private static List<Path> found() throws IOException {
    try (Stream<Path> paths =
        Files.walk(Path.of("src/test/resources/io/parley/model/fuzz/ReadersFuzzTestInputs"))) {
      return paths.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static int refusals(byte[] valid, int length, Predicate<byte[]> reader) {
    Random random = new Random(17);
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] damaged = damaged(valid, length, random);
      if (!reader.test(damaged)) {
        refused++;
      }
    }
    return refused;
  }

  private static byte[] damaged(byte[] valid, int length, Random random) {
    byte[] bytes = valid.clone();
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times; i++) {
      int at = random.nextInt(Math.min(length, bytes.length));
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> Arrays.fill(bytes, at, Math.min(at + 8, bytes.length), (byte) -random.nextInt(2));
        case 3 -> bytes = Arrays.copyOf(bytes, at + 1);
        default -> overwrite(bytes, at, TEXTS.get(random.nextInt(TEXTS.size())));
      }
    }
    return bytes;
  }

  private static void overwrite(byte[] bytes, int at, String text) {
    byte[] with = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(with, 0, bytes, at, Math.min(with.length, bytes.length - at));
  }
}
