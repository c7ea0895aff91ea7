package io.parley.model.tokenizer;

import io.parley.model.gguf.GgufFile;
import io.parley.model.source.Metadata;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a model file says about its tokens.
 *
 * @param tokens by id; special tokens as they are, all others spelled in the {@link ByteAlphabet}
 * @param merges {@code "left right"}, most important first
 * @param special ids of tokens that never come from plain text
 * @param preTokenizer a name that {@link PreTokenizer#named} knows
 * @param begin the token that begins a text
 * @param end the token that ends one
 * @param endOfTurn ids after which a model has finished its turn
 */
public record Vocabulary(
    List<String> tokens,
    List<String> merges,
    Set<Integer> special,
    String preTokenizer,
    OptionalInt begin,
    OptionalInt end,
    Set<Integer> endOfTurn) {
  private static final String MODEL = "tokenizer.ggml.model";
  private static final String PRE = "tokenizer.ggml.pre";
  private static final String TOKENS = "tokenizer.ggml.tokens";
  private static final String TYPES = "tokenizer.ggml.token_type";
  private static final String MERGES = "tokenizer.ggml.merges";
  private static final String BEGIN = "tokenizer.ggml.bos_token_id";
  private static final String END = "tokenizer.ggml.eos_token_id";
  private static final String END_OF_TURN = "tokenizer.ggml.eot_token_id";
  private static final String END_OF_MESSAGE = "tokenizer.ggml.eom_token_id";

  private static final int TYPE_NORMAL = 1;
  private static final int TYPE_UNKNOWN = 2;
  private static final int TYPE_CONTROL = 3;
  private static final int TYPE_USER_DEFINED = 4;

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

  public Vocabulary {
    tokens = List.copyOf(tokens);
    merges = List.copyOf(merges);
    special = Set.copyOf(special);
    endOfTurn = Set.copyOf(endOfTurn);
    PreTokenizer.named(preTokenizer);
    for (int id : special) {
      requireToken("special token", id, tokens.size());
      if (tokens.get(id).isEmpty()) {
        throw new IllegalArgumentException("special token " + id + " is empty");
      }
    }
    for (int id : endOfTurn) {
      requireToken("end-of-turn token", id, tokens.size());
    }
    if (begin.isPresent()) {
      requireToken("begin token", begin.getAsInt(), tokens.size());
    }
    if (end.isPresent()) {
      requireToken("end token", end.getAsInt(), tokens.size());
    }
  }

  private static void requireToken(String what, int id, int size) {
    if (id < 0 || id >= size) {
      throw new IllegalArgumentException("%s must be in [0, %d), not %d".formatted(what, size, id));
    }
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
        wellKnownEnds(tokens, special));
  }

  private static Set<Integer> wellKnownEnds(List<String> tokens, Set<Integer> special) {
    Set<Integer> ends = new HashSet<>();
    for (int id : special) {
      if (id >= 0 && id < tokens.size() && END_OF_TURN_SPELLINGS.contains(tokens.get(id))) {
        ends.add(id);
      }
    }
    return ends;
  }

  /**
   * Reads the {@code tokenizer.ggml.*} keys.
   *
   * @throws io.parley.model.source.ModelFileException that names a key if it is missing or wrong,
   *     or if the file holds another kind of tokenizer
   */
  public static Vocabulary from(GgufFile file) {
    Metadata metadata = file.metadata();
    if (!metadata.string(MODEL).equals("gpt2")) {
      throw metadata.failure(
          MODEL,
          "tokenizer \"%s\" is not supported; only \"gpt2\" (byte-level BPE) is"
              .formatted(metadata.string(MODEL)));
    }
    List<String> tokens = metadata.strings(TOKENS);
    Set<Integer> special = special(metadata, tokens.size());
    OptionalInt end = findToken(metadata, END, tokens.size());
    Set<Integer> ends = wellKnownEnds(tokens, special);
    end.ifPresent(ends::add);
    findToken(metadata, END_OF_TURN, tokens.size()).ifPresent(ends::add);
    findToken(metadata, END_OF_MESSAGE, tokens.size()).ifPresent(ends::add);
    try {
      return new Vocabulary(
          tokens,
          metadata.strings(MERGES),
          special,
          metadata.string(PRE),
          findToken(metadata, BEGIN, tokens.size()),
          end,
          ends);
    } catch (IllegalArgumentException e) {
      throw metadata.failure("tokenizer.ggml", String.valueOf(e.getMessage()));
    }
  }

  private static OptionalInt findToken(Metadata metadata, String key, int size) {
    long id = metadata.integer(key, 0, size - 1L, -1);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of((int) id);
  }

  private static Set<Integer> special(Metadata metadata, int size) {
    int[] types = metadata.ints(TYPES);
    if (types.length != size) {
      throw metadata.failure(TYPES, "has %d entries for %d tokens".formatted(types.length, size));
    }
    Set<Integer> special = new HashSet<>();
    for (int id = 0; id < size; id++) {
      switch (types[id]) {
        case TYPE_UNKNOWN, TYPE_CONTROL, TYPE_USER_DEFINED -> special.add(id);
        default -> {}
      }
    }
    return special;
  }

  /** The keys that {@link #from} reads, as {@link io.parley.model.gguf.GgufWriter} takes them. */
  public Map<String, Object> metadata() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put(MODEL, "gpt2");
    out.put(PRE, preTokenizer);
    out.put(TOKENS, tokens.toArray(String[]::new));
    int[] types = new int[tokens.size()];
    for (int id = 0; id < types.length; id++) {
      types[id] = special.contains(id) ? TYPE_CONTROL : TYPE_NORMAL;
    }
    out.put(TYPES, types);
    out.put(MERGES, merges.toArray(String[]::new));
    begin.ifPresent(id -> out.put(BEGIN, id));
    end.ifPresent(id -> out.put(END, id));
    return out;
  }
}
