package io.parley.training.bpe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.common.ParleyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A vocabulary as a {@code tokenizer.json} that Hugging Face's tokenizers library reads too. */
public final class TokenizerFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TokenizerFile() {}

  /** Writes {@code vocabulary}, replacing what is there. */
  public static void write(Path file, BpeVocabulary vocabulary) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0");
    root.set("added_tokens", addedTokens(vocabulary));
    root.set("pre_tokenizer", preTokenizer());
    root.set("decoder", byteLevel());
    root.set("model", model(vocabulary));
    Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
  }

  /** Reads a file that {@link #write} made. */
  public static BpeVocabulary read(Path file) throws IOException {
    JsonNode root = JSON.readTree(file.toFile());
    JsonNode vocabulary = root.path("model").path("vocab");
    JsonNode merges = root.path("model").path("merges");
    if (!vocabulary.isObject() || !merges.isArray() || !root.path("added_tokens").isArray()) {
      throw ParleyException.invalid(
          file + ": not a tokenizer file: model.vocab, model.merges or added_tokens is missing");
    }
    return new BpeVocabulary(
        tokens(file, vocabulary), strings(merges), root.path("added_tokens").size());
  }

  private static List<String> tokens(Path file, JsonNode vocabulary) {
    String[] tokens = new String[vocabulary.size()];
    vocabulary
        .properties()
        .forEach(
            entry -> {
              int id = entry.getValue().asInt(-1);
              if (id < 0 || id >= tokens.length || tokens[id] != null) {
                throw ParleyException.invalid(
                    file
                        + ": token '"
                        + entry.getKey()
                        + "' has no id of its own below "
                        + tokens.length);
              }
              tokens[id] = entry.getKey();
            });
    return List.of(tokens);
  }

  private static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(node -> strings.add(node.asText()));
    return strings;
  }

  private static ArrayNode addedTokens(BpeVocabulary vocabulary) {
    ArrayNode added = JSON.createArrayNode();
    for (int id = 0; id < vocabulary.specialTokens(); id++) {
      ObjectNode token = added.addObject();
      token.put("id", id).put("content", vocabulary.tokens().get(id)).put("special", true);
      token.put("single_word", false).put("lstrip", false).put("rstrip", false);
      token.put("normalized", false);
    }
    return added;
  }

  private static ObjectNode preTokenizer() {
    ObjectNode split = JSON.createObjectNode();
    split.put("type", "Split").put("behavior", "Isolated").put("invert", false);
    split.putObject("pattern").put("Regex", PreTokenizer.PATTERN);
    ObjectNode sequence = JSON.createObjectNode();
    sequence.put("type", "Sequence");
    sequence.putArray("pretokenizers").add(split).add(byteLevel());
    return sequence;
  }

  private static ObjectNode byteLevel() {
    ObjectNode node = JSON.createObjectNode();
    node.put("type", "ByteLevel").put("add_prefix_space", false);
    return node.put("trim_offsets", false).put("use_regex", false);
  }

  private static ObjectNode model(BpeVocabulary vocabulary) {
    ObjectNode model = JSON.createObjectNode();
    model.put("type", "BPE").put("fuse_unk", false).put("byte_fallback", false);
    ObjectNode ids = model.putObject("vocab");
    for (int id = 0; id < vocabulary.size(); id++) {
      ids.put(vocabulary.tokens().get(id), id);
    }
    ArrayNode merges = model.putArray("merges");
    vocabulary.merges().forEach(merges::add);
    return model;
  }
}
