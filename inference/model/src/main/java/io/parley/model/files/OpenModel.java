package io.parley.model.files;

import io.parley.model.gguf.GgufFile;
import io.parley.model.safetensors.SafetensorsModel;
import io.parley.model.source.ModelFileException;
import io.parley.model.source.ModelSource;
import io.parley.model.template.ChatTemplate;
import io.parley.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model's files, open. Immutable and thread-safe.
 *
 * @param source metadata and weights, which are readable until it is closed; the rest stays
 */
public record OpenModel(ModelSource source, Tokenizer tokenizer, ChatTemplate template)
    implements AutoCloseable {
  /**
   * Opens a GGUF file, or a directory with {@code config.json}, {@code tokenizer.json} and weights
   * in safetensors.
   *
   * @throws ModelFileException if the files are damaged, hostile or not supported, or lack a
   *     tokenizer or a chat template
   * @throws IOException if they cannot be read
   */
  public static OpenModel open(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      GgufFile file = GgufFile.open(path);
      return open(file, () -> Tokenizer.from(file));
    }
    SafetensorsModel model = SafetensorsModel.open(path);
    return open(model, model::tokenizer);
  }

  private interface TokenizerReader {
    Tokenizer read() throws IOException;
  }

  private static OpenModel open(ModelSource source, TokenizerReader reader) throws IOException {
    try {
      Tokenizer tokenizer = reader.read();
      return new OpenModel(source, tokenizer, ChatTemplate.from(source, tokenizer));
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  @Override
  public void close() {
    source.close();
  }
}
