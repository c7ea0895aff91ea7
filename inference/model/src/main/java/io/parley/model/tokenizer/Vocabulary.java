package io.parley.model.tokenizer;

import io.parley.model.source.Metadata;
import io.parley.model.source.ModelSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a model file says about the tokens of byte-level BPE.
 *
 * @param tokens by id; special and added tokens as they are, all others spelled in the {@link
 *     ByteAlphabet}
 * @param merges {@code "left right"}, most important first
 * @param special ids of tokens that never come from plain text
 * @param added ids of tokens that stand for their spelling wherever a text has it
 * @param preTokenizer a name that {@link PreTokenizer#named} knows
 * @param begin the token that begins a text
 * @param end the token that ends one
 * @param endOfTurn ids after which a model has finished its turn
 */
public record Vocabulary(
    List<String> tokens,
    List<String> merges,
    Set<Integer> special,
    Set<Integer> added,
    String preTokenizer,
    OptionalInt begin,
    OptionalInt end,
    Set<Integer> endOfTurn) {
  private static final String PRE = "tokenizer.ggml.pre";
  private static final String MERGES = "tokenizer.ggml.merges";

  public Vocabulary {
    tokens = List.copyOf(tokens);
    merges = List.copyOf(merges);
    special = Set.copyOf(special);
    added = Set.copyOf(added);
    endOfTurn = Set.copyOf(endOfTurn);
    PreTokenizer.named(preTokenizer);
    TokenIds.requireSpelled("special token", special, tokens);
    TokenIds.requireSpelled("added token", added, tokens);
    TokenIds.require("end-of-turn token", endOfTurn, tokens);
    TokenIds.require("begin token", begin, tokens);
    TokenIds.require("end token", end, tokens);
  }

  /** A vocabulary without added tokens. */
  public Vocabulary(
      List<String> tokens,
      List<String> merges,
      Set<Integer> special,
      String preTokenizer,
      OptionalInt begin,
      OptionalInt end,
      Set<Integer> endOfTurn) {
    this(tokens, merges, special, Set.of(), preTokenizer, begin, end, endOfTurn);
  }

  /**
   * A vocabulary whose begin and end tokens are not told: special tokens with well-known spellings
   * such as {@code <|end|>} end a turn.
   */
  public static Vocabulary of(
      List<String> tokens, List<String> merges, Set<Integer> special, String preTokenizer) {
    return new Vocabulary(
        tokens,
        merges,
        special,
        preTokenizer,
        OptionalInt.empty(),
        OptionalInt.empty(),
        TokenKeys.wellKnownEnds(tokens, special));
  }

  /**
   * Reads the {@code tokenizer.ggml.*} keys.
   *
   * @throws io.parley.model.source.ModelFileException that names a key if it is missing or wrong,
   *     or if the model has another kind of tokenizer
   */
  public static Vocabulary from(ModelSource source) {
    Metadata metadata = source.metadata();
    if (!metadata.string(TokenKeys.MODEL).equals(TokenKeys.BYTE_LEVEL)) {
      throw metadata.failure(
          TokenKeys.MODEL,
          "tokenizer \"%s\" is not \"gpt2\" (byte-level BPE)"
              .formatted(metadata.string(TokenKeys.MODEL)));
    }
    TokenKeys keys = TokenKeys.from(metadata);
    try {
      return new Vocabulary(
          keys.tokens(),
          metadata.strings(MERGES),
          keys.special(),
          keys.added(),
          metadata.string(PRE),
          keys.begin(),
          keys.end(),
          keys.endOfTurn());
    } catch (IllegalArgumentException e) {
      throw metadata.failure("tokenizer.ggml", String.valueOf(e.getMessage()));
    }
  }

  /** The keys that {@link #from} reads, as {@link io.parley.model.gguf.GgufWriter} takes them. */
  public Map<String, Object> metadata() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put(TokenKeys.MODEL, TokenKeys.BYTE_LEVEL);
    out.put(PRE, preTokenizer);
    out.put(TokenKeys.TOKENS, tokens.toArray(String[]::new));
    int[] types = new int[tokens.size()];
    for (int id = 0; id < types.length; id++) {
      types[id] = type(id);
    }
    out.put(TokenKeys.TYPES, types);
    out.put(MERGES, merges.toArray(String[]::new));
    begin.ifPresent(id -> out.put(TokenKeys.BEGIN, id));
    end.ifPresent(id -> out.put(TokenKeys.END, id));
    return out;
  }

  private int type(int id) {
    if (special.contains(id)) {
      return TokenKeys.TYPE_CONTROL;
    }
    return added.contains(id) ? TokenKeys.TYPE_USER_DEFINED : TokenKeys.TYPE_NORMAL;
  }
}
