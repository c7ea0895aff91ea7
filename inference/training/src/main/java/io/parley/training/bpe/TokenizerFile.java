package io.parley.training.bpe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.common.ParleyException;
import io.parley.model.tokenizer.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A vocabulary as a {@code tokenizer.json} that Hugging Face's tokenizers library reads too. */
public final class TokenizerFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TokenizerFile() {}

  /**
   * Writes a vocabulary that {@link BpeTrainer} learned, replacing what is there.
   *
   * @throws IOException if the disk refuses
   */
  public static void write(Path file, Vocabulary vocabulary) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0");
    root.set("added_tokens", addedTokens());
    root.set("pre_tokenizer", preTokenizer());
    root.set("decoder", byteLevel());
    root.set("model", model(vocabulary));
    Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
  }

  /**
   * Reads a file that {@link #write} made.
   *
   * @throws ParleyException INVALID_REQUEST that names the part if one is missing, damaged, or of
   *     another kind of tokenizer
   */
  public static Vocabulary read(Path file) throws IOException {
    JsonNode root = JSON.readTree(file.toFile());
    require(file, root.path("added_tokens").equals(addedTokens()), "added_tokens");
    require(file, root.path("pre_tokenizer").equals(preTokenizer()), "pre_tokenizer");
    JsonNode merges = root.path("model").path("merges");
    require(file, merges.isArray(), "model.merges");
    List<String> tokens = tokens(file, root.path("model").path("vocab"));
    int specials = SpecialTokens.ALL.size();
    require(
        file,
        tokens.size() > specials && tokens.subList(0, specials).equals(SpecialTokens.ALL),
        "model.vocab");
    return ConversationVocabulary.of(tokens.subList(specials, tokens.size()), strings(merges));
  }

  private static void require(Path file, boolean holds, String part) {
    if (!holds) {
      throw ParleyException.invalid(
          "%s: %s is not what the tokenizer command writes".formatted(file, part));
    }
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
                    "%s: model.vocab: token '%s' has no id of its own below %d"
                        .formatted(file, entry.getKey(), tokens.length));
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

  private static ArrayNode addedTokens() {
    ArrayNode added = JSON.createArrayNode();
    for (String text : SpecialTokens.ALL) {
      ObjectNode token = added.addObject();
      token.put("id", added.size() - 1).put("content", text).put("special", true);
      token.put("single_word", false).put("lstrip", false).put("rstrip", false);
      token.put("normalized", false);
    }
    return added;
  }

  private static ObjectNode preTokenizer() {
    ObjectNode sequence = JSON.createObjectNode();
    sequence.put("type", "Sequence");
    ArrayNode stages = sequence.putArray("pretokenizers");
    for (String pattern : ConversationVocabulary.PRE_TOKENIZER.patterns()) {
      ObjectNode split = stages.addObject();
      split.put("type", "Split").put("behavior", "Isolated").put("invert", false);
      split.putObject("pattern").put("Regex", pattern);
    }
    stages.add(byteLevel());
    return sequence;
  }

  private static ObjectNode byteLevel() {
    ObjectNode node = JSON.createObjectNode();
    node.put("type", "ByteLevel").put("add_prefix_space", false);
    return node.put("trim_offsets", false).put("use_regex", false);
  }

  private static ObjectNode model(Vocabulary vocabulary) {
    ObjectNode model = JSON.createObjectNode();
    model.put("type", "BPE").put("fuse_unk", false).put("byte_fallback", false);
    ObjectNode ids = model.putObject("vocab");
    List<String> tokens = vocabulary.tokens();
    for (int id = 0; id < tokens.size(); id++) {
      ids.put(tokens.get(id), id);
    }
    ArrayNode merges = model.putArray("merges");
    vocabulary.merges().forEach(merges::add);
    return model;
  }
}
