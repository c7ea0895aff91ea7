package io.parley.model.tokenizer;

import io.parley.model.source.ModelFileException;
import io.parley.model.source.ModelSource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Byte-pair encoding in the manner of SentencePiece (Kudo and Richardson 2018, arXiv:1808.06226):
 * characters are joined to tokens, across words too; a character that no token has becomes the
 * tokens of its bytes. Immutable and thread-safe.
 *
 * <p>Where text gets a space before it, decoding takes one away again; apart from that and from
 * text that spells U+2581 itself, {@code decode(encode(text))} is {@code text}.
 */
public final class SentencePieceTokenizer implements Tokenizer {
  private final PieceVocabulary vocabulary;
  private final AddedTokens addedTokens;
  private final Map<String, Integer> symbols;
  private final MergeTable merges;
  private final int[] byteTokens;
  private final byte[][] bytes;

  /** Characters that are no tokens but parts of some; their ids follow those of tokens. */
  private final int[] characters;

  /**
   * Checks the vocabulary and builds the tables.
   *
   * @throws IllegalArgumentException if a token occurs twice, one of the 256 byte tokens is
   *     missing, or a merge does not lead to a token
   */
  SentencePieceTokenizer(PieceVocabulary vocabulary) {
    this.vocabulary = vocabulary;
    this.addedTokens =
        new AddedTokens(vocabulary.tokens(), vocabulary.special(), vocabulary.added());
    this.byteTokens = byteTokens(vocabulary);
    this.symbols = pieces(vocabulary);
    this.merges =
        switch (vocabulary.order()) {
          case PieceVocabulary.MergeOrder.Merges listed -> new MergeTable(listed.merges(), symbols);
          case PieceVocabulary.MergeOrder.Scores scored -> {
            addCharacters(vocabulary, symbols);
            yield ScoredMerges.table(vocabulary, scored.scores(), symbols);
          }
        };
    this.characters = characters(vocabulary.tokens().size(), symbols);
    this.bytes = bytes(vocabulary);
  }

  /**
   * The tokenizer of a model.
   *
   * @throws ModelFileException if the model holds none, a damaged one, or one of another kind
   */
  public static SentencePieceTokenizer from(ModelSource source) {
    PieceVocabulary vocabulary = PieceVocabulary.from(source);
    try {
      return new SentencePieceTokenizer(vocabulary);
    } catch (IllegalArgumentException e) {
      throw source.metadata().failure("tokenizer.ggml", String.valueOf(e.getMessage()));
    }
  }

  private static int[] byteTokens(PieceVocabulary vocabulary) {
    int[] out = new int[256];
    Arrays.fill(out, -1);
    for (int id = 0; id < vocabulary.tokens().size(); id++) {
      int unsignedByte = PieceVocabulary.byteOf(vocabulary.tokens().get(id));
      if (unsignedByte >= 0) {
        out[unsignedByte] = id;
      }
    }
    for (int b = 0; b < 256; b++) {
      if (out[b] < 0) {
        throw new IllegalArgumentException("there is no token for the byte " + b);
      }
    }
    return out;
  }

  private static Map<String, Integer> pieces(PieceVocabulary vocabulary) {
    Map<String, Integer> out = new HashMap<>();
    for (int id = 0; id < vocabulary.tokens().size(); id++) {
      if (vocabulary.isPiece(id) && out.put(vocabulary.tokens().get(id), id) != null) {
        throw new IllegalArgumentException(
            "token \"%s\" occurs twice".formatted(vocabulary.tokens().get(id)));
      }
    }
    return out;
  }

  private static void addCharacters(PieceVocabulary vocabulary, Map<String, Integer> symbols) {
    int size = vocabulary.tokens().size();
    int pieces = symbols.size();
    for (int id = 0; id < size; id++) {
      if (vocabulary.isPiece(id)) {
        vocabulary
            .tokens()
            .get(id)
            .codePoints()
            .mapToObj(Character::toString)
            .forEach(c -> symbols.putIfAbsent(c, size + symbols.size() - pieces));
      }
    }
  }

  private static int[] characters(int size, Map<String, Integer> symbols) {
    int count = (int) symbols.values().stream().filter(id -> id >= size).count();
    int[] out = new int[count];
    symbols.forEach(
        (text, id) -> {
          if (id >= size) {
            out[id - size] = text.codePointAt(0);
          }
        });
    return out;
  }

  private static byte[][] bytes(PieceVocabulary vocabulary) {
    List<String> tokens = vocabulary.tokens();
    byte[][] out = new byte[tokens.size()][];
    for (int id = 0; id < out.length; id++) {
      int unsignedByte = PieceVocabulary.byteOf(tokens.get(id));
      boolean special = vocabulary.special().contains(id);
      String text = special ? tokens.get(id) : tokens.get(id).replace(PieceVocabulary.SPACE, ' ');
      out[id] =
          unsignedByte >= 0
              ? new byte[] {(byte) unsignedByte}
              : text.getBytes(StandardCharsets.UTF_8);
    }
    return out;
  }

  @Override
  public int[] encode(String text) {
    Encoding out = new Encoding();
    addedTokens.splitPlain(WellFormed.of(text), out);
    return out.tokens.toArray();
  }

  @Override
  public int[] encodeWithSpecialTokens(String text) {
    return encodeWithSpecialTokens(text, UnaryOperator.identity());
  }

  @Override
  public int[] encodeWithSpecialTokens(String text, char guard) {
    String separator = String.valueOf(guard);
    return encodeWithSpecialTokens(text, plain -> plain.replace(separator, ""));
  }

  private int[] encodeWithSpecialTokens(String text, UnaryOperator<String> cleaning) {
    Encoding out = new Encoding();
    addedTokens.splitAll(WellFormed.of(text), cleaning, out);
    return out.tokens.toArray();
  }

  /** The tokens of one text, as far as it has come. */
  private final class Encoding implements SpellingTrie.Sections {
    private final TokenList tokens = new TokenList();
    private final PairMerger merger = new PairMerger(merges);
    private boolean first = true;

    @Override
    public void token(int id) {
      tokens.add(id);
      first = false;
    }

    @Override
    public void text(String section) {
      boolean prefixed = vocabulary.prefix().applies(section, first);
      String spelled = section.replace(' ', PieceVocabulary.SPACE);
      int[] parts = symbols(prefixed ? PieceVocabulary.SPACE + spelled : spelled);
      TokenList joined = new TokenList();
      merger.merge(parts.length, i -> parts[i], joined);
      for (int symbol : joined.toArray()) {
        addSymbol(symbol);
      }
      first = false;
    }

    private void addSymbol(int symbol) {
      if (symbol < bytes.length) {
        tokens.add(symbol);
      } else {
        addBytes(characters[symbol - bytes.length], tokens);
      }
    }
  }

  private int[] symbols(String text) {
    TokenList out = new TokenList();
    text.codePoints()
        .forEach(
            c -> {
              Integer symbol = symbols.get(Character.toString(c));
              if (symbol != null) {
                out.add(symbol);
              } else {
                addBytes(c, out);
              }
            });
    return out.toArray();
  }

  private void addBytes(int character, TokenList out) {
    for (byte b : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
      out.add(byteTokens[b & 0xff]);
    }
  }

  @Override
  public byte[] bytes(int token) {
    return bytes[token];
  }

  @Override
  public String decode(int[] tokens) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int token : tokens) {
      out.writeBytes(bytes[token]);
    }
    String text = out.toString(StandardCharsets.UTF_8);
    boolean drop = vocabulary.prefix() != SpacePrefix.NONE && text.startsWith(" ");
    return drop ? text.substring(1) : text;
  }

  @Override
  public int vocabularySize() {
    return bytes.length;
  }

  @Override
  public OptionalInt beginToken() {
    return vocabulary.begin();
  }

  @Override
  public OptionalInt endToken() {
    return vocabulary.end();
  }

  @Override
  public boolean isEndOfTurn(int token) {
    return vocabulary.endOfTurn().contains(token);
  }

  @Override
  public Set<Integer> endOfTurnTokens() {
    return vocabulary.endOfTurn();
  }

  @Override
  public boolean isSpecial(int token) {
    return vocabulary.special().contains(token);
  }

  @Override
  public Map<String, Integer> specialTokens() {
    return addedTokens.specialIds();
  }
}
