package io.parley.model.tokenizer;

import io.parley.model.source.Metadata;
import io.parley.model.source.ModelSource;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a model file says about the tokens of a SentencePiece tokenizer of type BPE.
 *
 * @param tokens by id; a space in them is U+2581, a byte is {@code <0x0A>}
 * @param order which tokens are joined first
 * @param special ids of tokens that never come from plain text
 * @param added ids of tokens that stand for their spelling wherever a text has it
 * @param unused ids of tokens that come from no text at all
 * @param prefix whether text gets a space before it
 * @param begin the token that begins a text
 * @param end the token that ends one
 * @param endOfTurn ids after which a model has finished its turn
 */
record PieceVocabulary(
    List<String> tokens,
    MergeOrder order,
    Set<Integer> special,
    Set<Integer> added,
    Set<Integer> unused,
    SpacePrefix prefix,
    OptionalInt begin,
    OptionalInt end,
    Set<Integer> endOfTurn) {
  /** How a space is spelled in tokens. */
  static final char SPACE = '\u2581';

  private static final String SCORES = "tokenizer.ggml.scores";
  private static final String ADD_SPACE = "tokenizer.ggml.add_space_prefix";

  /** Which of two neighbouring pairs is joined first. */
  sealed interface MergeOrder {
    /**
     * Any two neighbours that make a token together may be joined; the token with the highest score
     * goes first.
     */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    record Scores(float[] scores) implements MergeOrder {}

    /** Those that are listed, {@code "left right"}, most important first. */
    record Merges(List<String> merges) implements MergeOrder {}
  }

  PieceVocabulary {
    tokens = List.copyOf(tokens);
    special = Set.copyOf(special);
    added = Set.copyOf(added);
    unused = Set.copyOf(unused);
    endOfTurn = Set.copyOf(endOfTurn);
    TokenIds.requireSpelled("special token", special, tokens);
    TokenIds.requireSpelled("added token", added, tokens);
    TokenIds.require("unused token", unused, tokens);
    TokenIds.require("end-of-turn token", endOfTurn, tokens);
    TokenIds.require("begin token", begin, tokens);
    TokenIds.require("end token", end, tokens);
  }

  /**
   * Reads the {@code tokenizer.ggml.*} keys.
   *
   * @throws io.parley.model.source.ModelFileException that names a key if it is missing or wrong
   */
  static PieceVocabulary from(ModelSource source) {
    Metadata metadata = source.metadata();
    TokenKeys keys = TokenKeys.from(metadata);
    float[] scores = metadata.floats(SCORES);
    if (scores.length != keys.tokens().size()) {
      throw metadata.failure(
          SCORES, "has %d entries for %d tokens".formatted(scores.length, keys.tokens().size()));
    }
    for (int id = 0; id < scores.length; id++) {
      if (Float.isNaN(scores[id])) {
        throw metadata.failure(SCORES, "is not a number at " + id);
      }
    }
    try {
      return new PieceVocabulary(
          keys.tokens(),
          new MergeOrder.Scores(scores),
          keys.special(),
          keys.added(),
          unused(keys.types()),
          metadata.bool(ADD_SPACE, true) ? SpacePrefix.EVERY_SECTION : SpacePrefix.NONE,
          keys.begin(),
          keys.end(),
          keys.endOfTurn());
    } catch (IllegalArgumentException e) {
      throw metadata.failure("tokenizer.ggml", String.valueOf(e.getMessage()));
    }
  }

  private static Set<Integer> unused(int[] types) {
    Set<Integer> out = new HashSet<>();
    for (int id = 0; id < types.length; id++) {
      if (types[id] == TokenKeys.TYPE_UNUSED) {
        out.add(id);
      }
    }
    return out;
  }

  /** Whether a token is made of text, rather than special, added, unused or a byte. */
  boolean isPiece(int id) {
    return !special.contains(id)
        && !added.contains(id)
        && !unused.contains(id)
        && byteOf(tokens.get(id)) < 0;
  }

  /** The byte that {@code <0x0A>} and its like spell, -1 for other texts. */
  static int byteOf(String token) {
    if (token.length() != 6 || !token.startsWith("<0x") || token.charAt(5) != '>') {
      return -1;
    }
    int high = Character.digit(token.charAt(3), 16);
    int low = Character.digit(token.charAt(4), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }
}
