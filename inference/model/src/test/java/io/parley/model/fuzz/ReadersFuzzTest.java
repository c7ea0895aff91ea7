package io.parley.model.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Coverage-guided search for bytes that a reader neither takes nor refuses, not in the normal run:
 * {@code ./parley verify --fuzz MINUTES} searches with each reader in turn, a minute at a time.
 * What is found is kept among this module's test resources, and {@link MutatedFilesTest} reads it
 * in every run.
 */
@Tag("fuzz")
class ReadersFuzzTest {
  private static final Readers READERS = new Readers(directory());

  private static Path directory() {
    try {
      Path directory = Files.createTempDirectory("fuzz");
      new Readers(directory).writeDirectory();
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<byte[]> ggufSeed() throws IOException {
    return Stream.of(READERS.gguf());
  }

  @MethodSource("ggufSeed")
  @FuzzTest(maxDuration = "1m")
  void gguf(byte[] bytes) {
    READERS.readGguf(bytes);
  }

  static Stream<byte[]> safetensorsSeed() throws IOException {
    return Stream.of(READERS.file("model.safetensors"));
  }

  @MethodSource("safetensorsSeed")
  @FuzzTest(maxDuration = "1m")
  void safetensors(byte[] bytes) {
    READERS.readDirectory("model.safetensors", bytes);
  }

  static Stream<byte[]> configSeed() throws IOException {
    return Stream.of(READERS.file("config.json"));
  }

  @MethodSource("configSeed")
  @FuzzTest(maxDuration = "1m")
  void config(byte[] bytes) {
    READERS.readDirectory("config.json", bytes);
  }

  static Stream<byte[]> tokenizerSeed() throws IOException {
    return Stream.of(READERS.file("tokenizer.json"));
  }

  @MethodSource("tokenizerSeed")
  @FuzzTest(maxDuration = "1m")
  void tokenizer(byte[] bytes) {
    READERS.readDirectory("tokenizer.json", bytes);
  }
}
