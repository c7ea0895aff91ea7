package io.parley.model.tokenizer;

import io.parley.model.source.Metadata;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the {@code tokenizer.ggml.*} keys of all kinds of tokenizers share.
 *
 * @param types one of the constants for each token
 * @param special tokens that never come from plain text
 * @param added tokens that stand for their spelling in any text
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record TokenKeys(
    List<String> tokens,
    int[] types,
    Set<Integer> special,
    Set<Integer> added,
    OptionalInt begin,
    OptionalInt end,
    Set<Integer> endOfTurn) {
  static final String MODEL = "tokenizer.ggml.model";
  static final String BYTE_LEVEL = "gpt2";
  static final String SENTENCE_PIECE = "llama";
  static final String TOKENS = "tokenizer.ggml.tokens";
  static final String TYPES = "tokenizer.ggml.token_type";
  static final String BEGIN = "tokenizer.ggml.bos_token_id";
  static final String END = "tokenizer.ggml.eos_token_id";
  private static final String END_OF_TURN = "tokenizer.ggml.eot_token_id";
  private static final String END_OF_MESSAGE = "tokenizer.ggml.eom_token_id";

  static final int TYPE_NORMAL = 1;
  static final int TYPE_UNKNOWN = 2;
  static final int TYPE_CONTROL = 3;
  static final int TYPE_USER_DEFINED = 4;
  static final int TYPE_UNUSED = 5;
  static final int TYPE_BYTE = 6;

  /** Many files name only the end of a text; the end of a turn must be known by its spelling. */
  private static final Set<String> END_OF_TURN_SPELLINGS =
      Set.of(
          "<|end|>",
          "<|im_end|>",
          "<|eot_id|>",
          "<|eom_id|>",
          "<|endoftext|>",
          "<|end_of_text|>",
          "<end_of_turn>",
          "</s>");

  /** Some files mark what structures a conversation as if a user could write it. */
  private static final Pattern SPECIAL_SPELLING =
      Pattern.compile(
          "<\\|.*\\|>|<(start|end)_of_(turn|image)>|</?s>|<(bos|eos|pad|unk)>|\\[/?[A-Z][A-Z_]*\\]");

  /**
   * Reads the keys.
   *
   * @throws io.parley.model.source.ModelFileException that names a key if it is missing or wrong
   */
  static TokenKeys from(Metadata metadata) {
    List<String> tokens = metadata.strings(TOKENS);
    int[] types = metadata.ints(TYPES);
    if (types.length != tokens.size()) {
      throw metadata.failure(
          TYPES, "has %d entries for %d tokens".formatted(types.length, tokens.size()));
    }
    Set<Integer> special = new HashSet<>();
    Set<Integer> added = new HashSet<>();
    for (int id = 0; id < types.length; id++) {
      switch (types[id]) {
        case TYPE_UNKNOWN, TYPE_CONTROL -> special.add(id);
        case TYPE_USER_DEFINED -> (looksSpecial(tokens.get(id)) ? special : added).add(id);
        default -> {}
      }
    }
    OptionalInt end = findToken(metadata, END, tokens.size());
    Set<Integer> ends = wellKnownEnds(tokens, special);
    end.ifPresent(ends::add);
    findToken(metadata, END_OF_TURN, tokens.size()).ifPresent(ends::add);
    findToken(metadata, END_OF_MESSAGE, tokens.size()).ifPresent(ends::add);
    OptionalInt begin = findToken(metadata, BEGIN, tokens.size());
    return new TokenKeys(tokens, types, special, added, begin, end, ends);
  }

  /** Whether a spelling is one that structures conversations. */
  static boolean looksSpecial(String spelling) {
    return SPECIAL_SPELLING.matcher(spelling).matches();
  }

  /** Those of the special tokens that end a turn wherever they are used. */
  static Set<Integer> wellKnownEnds(List<String> tokens, Set<Integer> special) {
    Set<Integer> ends = new HashSet<>();
    for (int id : special) {
      if (id >= 0 && id < tokens.size() && END_OF_TURN_SPELLINGS.contains(tokens.get(id))) {
        ends.add(id);
      }
    }
    return ends;
  }

  private static OptionalInt findToken(Metadata metadata, String key, int size) {
    long id = metadata.integer(key, 0, size - 1L, -1);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of((int) id);
  }
}
