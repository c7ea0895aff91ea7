package io.parley.model.fuzz;

import io.parley.model.family.Families;
import io.parley.model.family.SampleModel;
import io.parley.model.files.OpenModel;
import io.parley.model.kernel.Kernels;
import io.parley.model.safetensors.SampleDirectory;
import io.parley.model.source.ModelFileException;
import io.parley.model.tensor.TensorType;
import io.parley.model.tokenizer.SampleVocabulary;
import io.parley.model.tokenizer.Vocabulary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Readers of foreign files as functions of bytes. Whatever the bytes are, a reader takes them or
 * throws ModelFileException; anything else is a bug, and reaches the caller.
 */
final class Readers {
  private static final Vocabulary VOCABULARY = SampleVocabulary.learn("qwen2", 20);
  private static final String TEMPLATE = "{{ messages[0].content }}";

  private final Path directory;

  /**
   * @param directory for files; belongs to these readers
   */
  Readers(Path directory) {
    this.directory = directory;
  }

  private static SampleModel sample() {
    int size = VOCABULARY.tokens().size();
    SampleModel.Sizes sizes = new SampleModel.Sizes(size, 16, 8, 1, 2, 1, 4, 8);
    return new SampleModel("llama", sizes, TensorType.F32, true, 1);
  }

  /** A valid file. */
  byte[] gguf() throws IOException {
    SampleModel model = sample();
    model.metadata.putAll(VOCABULARY.metadata());
    model.metadata.put("tokenizer.chat_template", TEMPLATE);
    Path file = directory.resolve("seed.gguf");
    model.write(file);
    return Files.readAllBytes(file);
  }

  /** A directory of valid files, of which {@link #readDirectory} replaces one. */
  void writeDirectory() throws IOException {
    new SampleDirectory(sample()).write(directory, 1);
    Files.writeString(directory.resolve("tokenizer.json"), SampleVocabulary.json(VOCABULARY));
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        "{\"bos_token\":\"<|begin|>\",\"chat_template\":\"" + TEMPLATE + "\"}");
  }

  byte[] file(String name) throws IOException {
    return Files.readAllBytes(directory.resolve(name));
  }

  /** Whether a GGUF file of these bytes can be loaded. */
  boolean readGguf(byte[] bytes) {
    return read(directory.resolve("fuzzed.gguf"), bytes, directory.resolve("fuzzed.gguf"));
  }

  /** Whether the directory can be loaded with these bytes in place of one of its files. */
  boolean readDirectory(String name, byte[] bytes) {
    return read(directory.resolve(name), bytes, directory);
  }

  private static boolean read(Path file, byte[] bytes, Path model) {
    try {
      Files.write(file, bytes);
      try (OpenModel open = OpenModel.open(model)) {
        Families.load(open.source(), Kernels.scalar());
        open.tokenizer().encodeWithSpecialTokens("the <|end|> \u2603");
        return true;
      }
    } catch (ModelFileException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
