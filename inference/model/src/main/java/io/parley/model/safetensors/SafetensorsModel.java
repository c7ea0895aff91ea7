package io.parley.model.safetensors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.parley.model.source.Metadata;
import io.parley.model.source.ModelFileException;
import io.parley.model.source.ModelSource;
import io.parley.model.source.StrictJson;
import io.parley.model.tensor.Tensor;
import io.parley.model.tokenizer.Tokenizer;
import io.parley.model.tokenizer.TokenizerJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An open directory of a model: weights stay in their files, which are mapped into memory band by
 * band as they are read; what GGUF keeps in another order (queries and keys of Llama's descendants)
 * is turned as it is read. Immutable and thread-safe.
 */
public final class SafetensorsModel implements ModelSource {
  private static final long MAX_CONFIG_BYTES = 16L << 20;
  private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
  private static final String TEMPLATE_FILE = "chat_template.jinja";

  private final Shards shards;
  private final Path directory;
  private final JsonNode config;
  private final JsonNode tokenizerConfig;
  private final Metadata metadata;
  private final Map<String, Tensor> tensors;

  private SafetensorsModel(Shards shards, Path directory) throws IOException {
    this.shards = shards;
    this.directory = directory;
    Path configFile = directory.resolve("config.json");
    this.config = StrictJson.readObject(configFile, MAX_CONFIG_BYTES);
    this.tokenizerConfig = optional(TOKENIZER_CONFIG);
    ModelConfig keys = new ModelConfig(configFile.toString(), config);
    Map<String, Object> values = new LinkedHashMap<>(keys.keys());
    values.put("general.name", directory.toAbsolutePath().normalize().getFileName().toString());
    chatTemplate().ifPresent(template -> values.put("tokenizer.chat_template", template));
    this.metadata = new Metadata(directory.toString(), values);
    this.tensors =
        Collections.unmodifiableMap(
            new TensorTranslation(directory.toString(), keys.convention(), keys)
                .translate(shards.read()));
  }

  /**
   * Opens the weights and reads the configuration.
   *
   * @throws ModelFileException if a file is damaged, hostile or not supported
   * @throws IOException if one cannot be read
   */
  public static SafetensorsModel open(Path directory) throws IOException {
    Shards shards = new Shards(directory);
    try {
      return new SafetensorsModel(shards, directory);
    } catch (IOException | RuntimeException e) {
      shards.close();
      throw e;
    }
  }

  private JsonNode optional(String file) throws IOException {
    Path path = directory.resolve(file);
    return Files.exists(path)
        ? StrictJson.readObject(path, MAX_CONFIG_BYTES)
        : JsonNodeFactory.instance.objectNode();
  }

  @Override
  public String name() {
    return directory.toString();
  }

  @Override
  public Metadata metadata() {
    return metadata;
  }

  @Override
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  /**
   * The tokenizer of {@code tokenizer.json}.
   *
   * @throws ModelFileException if it is damaged or asks for something that is not supported
   * @throws IOException if it cannot be read
   */
  public Tokenizer tokenizer() throws IOException {
    List<Long> dimensions = tensor("token_embd.weight").dimensions();
    return TokenizerJson.read(
        directory.resolve("tokenizer.json"),
        new TokenizerJson.Settings(
            spelling("bos_token"),
            spelling("eos_token"),
            endIds(),
            (int) Math.min(Integer.MAX_VALUE, dimensions.getLast())));
  }

  /** A special token, written as its text or as an object that has it. */
  private Optional<String> spelling(String name) {
    JsonNode token = tokenizerConfig.path(name);
    String text = token.isObject() ? token.path("content").asText("") : token.asText("");
    return token.isNull() || text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /** The tokens that end a turn, of which there may be one or several in either file. */
  private Set<Integer> endIds() throws IOException {
    Set<Integer> ids = new HashSet<>();
    for (JsonNode file : List.of(config, optional("generation_config.json"))) {
      JsonNode end = file.path("eos_token_id");
      if (end.isInt()) {
        ids.add(end.asInt());
      }
      for (JsonNode id : end) {
        ids.add(id.asInt(-1));
      }
    }
    return ids;
  }

  private Optional<String> chatTemplate() throws IOException {
    Path file = directory.resolve(TEMPLATE_FILE);
    if (Files.exists(file)) {
      if (Files.size(file) > MAX_CONFIG_BYTES) {
        throw new ModelFileException(
            "%s: is larger than %d bytes".formatted(file, MAX_CONFIG_BYTES));
      }
      return Optional.of(Files.readString(file));
    }
    JsonNode template = tokenizerConfig.path("chat_template");
    if (template.isTextual()) {
      return Optional.of(template.asText());
    }
    for (JsonNode named : template) {
      if (named.path("name").asText("").equals("default")) {
        return Optional.of(named.path("template").asText(""));
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    shards.close();
  }
}
