package io.parley.model.tokenizer;

import io.parley.model.source.ModelFileException;
import io.parley.model.source.ModelSource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Byte-level byte-pair encoding: the tokens of a text give it back. Immutable and thread-safe.
 *
 * <p>Unless the vocabulary asks for it, text is not normalised; apart from surrogates without their
 * other half {@code decode(encode(text))} is {@code text}.
 */
public final class BytePairTokenizer implements Tokenizer {
  private final Vocabulary vocabulary;
  private final PreTokenizer preTokenizer;
  private final boolean composing;
  private final Map<String, Integer> plainIds;
  private final AddedTokens addedTokens;
  private final MergeTable merges;
  private final int[] byteTokens;
  private final byte[][] bytes;

  /**
   * Checks the vocabulary and builds the tables.
   *
   * @throws IllegalArgumentException if a token occurs twice, one of the 256 single-byte tokens is
   *     missing, or a merge does not lead to a token
   */
  public BytePairTokenizer(Vocabulary vocabulary) {
    this(vocabulary, false);
  }

  /**
   * @param composing whether text is brought into Unicode's form NFC first
   */
  BytePairTokenizer(Vocabulary vocabulary, boolean composing) {
    this.vocabulary = vocabulary;
    this.preTokenizer = PreTokenizer.named(vocabulary.preTokenizer());
    this.composing = composing;
    List<String> tokens = vocabulary.tokens();
    this.addedTokens = new AddedTokens(tokens, vocabulary.special(), vocabulary.added());
    this.plainIds = new HashMap<>();
    this.bytes = new byte[tokens.size()][];
    for (int id = 0; id < tokens.size(); id++) {
      addToken(id, tokens.get(id));
    }
    this.byteTokens = byteTokens(plainIds);
    this.merges = new MergeTable(vocabulary.merges(), plainIds);
  }

  private void addToken(int id, String token) {
    if (vocabulary.special().contains(id) || vocabulary.added().contains(id)) {
      bytes[id] = token.getBytes(StandardCharsets.UTF_8);
      return;
    }
    bytes[id] = ByteAlphabet.read(token);
    if (plainIds.put(token, id) != null) {
      throw new IllegalArgumentException("token \"%s\" occurs twice".formatted(token));
    }
  }

  /** A tokenizer from its parts; see {@link Vocabulary#of}. */
  public BytePairTokenizer(
      List<String> tokens, List<String> merges, Set<Integer> special, String preTokenizer) {
    this(Vocabulary.of(tokens, merges, special, preTokenizer));
  }

  /**
   * The tokenizer of a model.
   *
   * @throws ModelFileException if the model holds none, a damaged one, or one of another kind
   */
  public static BytePairTokenizer from(ModelSource source) {
    Vocabulary vocabulary = Vocabulary.from(source);
    try {
      return new BytePairTokenizer(vocabulary);
    } catch (IllegalArgumentException e) {
      throw source.metadata().failure("tokenizer.ggml", String.valueOf(e.getMessage()));
    }
  }

  private static int[] byteTokens(Map<String, Integer> ids) {
    int[] out = new int[256];
    for (int b = 0; b < 256; b++) {
      Integer id = ids.get(String.valueOf(ByteAlphabet.character(b)));
      if (id == null) {
        throw new IllegalArgumentException("there is no token for the byte " + b);
      }
      out[b] = id;
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

    @Override
    public void token(int id) {
      tokens.add(id);
    }

    @Override
    public void text(String section) {
      String text = composing ? Normalizer.normalize(section, Normalizer.Form.NFC) : section;
      preTokenizer.split(text, 0, text.length(), (from, to) -> piece(text.substring(from, to)));
    }

    private void piece(String piece) {
      byte[] utf8 = piece.getBytes(StandardCharsets.UTF_8);
      if (preTokenizer.wholeTokensFirst()) {
        Integer whole = plainIds.get(ByteAlphabet.spell(utf8));
        if (whole != null) {
          tokens.add(whole);
          return;
        }
      }
      merger.merge(utf8.length, i -> byteTokens[utf8[i] & 0xff], tokens);
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
    return out.toString(StandardCharsets.UTF_8);
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
