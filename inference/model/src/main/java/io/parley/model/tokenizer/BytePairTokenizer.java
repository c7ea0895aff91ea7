package io.parley.model.tokenizer;

import io.parley.model.gguf.GgufFile;
import io.parley.model.source.ModelFileException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Byte-level byte-pair encoding: every text has tokens, and the tokens give the text back.
 * Immutable and thread-safe.
 *
 * <p>Text is not normalised. A surrogate without its other half is no character and becomes U+FFFD;
 * apart from that {@code decode(encode(text))} is {@code text}.
 */
public final class BytePairTokenizer {
  private final Vocabulary vocabulary;
  private final PreTokenizer preTokenizer;
  private final Map<String, Integer> plainIds;
  private final Map<String, Integer> specialIds;
  private final Pattern specialPattern;
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
    this.vocabulary = vocabulary;
    this.preTokenizer = PreTokenizer.named(vocabulary.preTokenizer());
    List<String> tokens = vocabulary.tokens();
    Map<String, Integer> plain = new HashMap<>();
    Map<String, Integer> special = new LinkedHashMap<>();
    this.bytes = new byte[tokens.size()][];
    for (int id = 0; id < tokens.size(); id++) {
      String token = tokens.get(id);
      boolean isSpecial = vocabulary.special().contains(id);
      bytes[id] = isSpecial ? token.getBytes(StandardCharsets.UTF_8) : ByteAlphabet.read(token);
      if ((isSpecial ? special : plain).put(token, id) != null) {
        throw new IllegalArgumentException("token \"%s\" occurs twice".formatted(token));
      }
    }
    this.plainIds = plain;
    this.specialIds = Collections.unmodifiableMap(special);
    this.specialPattern = specialPattern(special.keySet());
    this.byteTokens = byteTokens(plain);
    this.merges = new MergeTable(vocabulary.merges(), plain);
  }

  /** A tokenizer from its parts; see {@link Vocabulary#of}. */
  public BytePairTokenizer(
      List<String> tokens, List<String> merges, Set<Integer> special, String preTokenizer) {
    this(Vocabulary.of(tokens, merges, special, preTokenizer));
  }

  /**
   * The tokenizer of a model file.
   *
   * @throws ModelFileException if the file holds none, a damaged one, or one of another kind
   */
  public static BytePairTokenizer from(GgufFile file) {
    Vocabulary vocabulary = Vocabulary.from(file);
    try {
      return new BytePairTokenizer(vocabulary);
    } catch (IllegalArgumentException e) {
      throw file.metadata().failure("tokenizer.ggml", String.valueOf(e.getMessage()));
    }
  }

  private static Pattern specialPattern(Set<String> texts) {
    if (texts.isEmpty()) {
      return Pattern.compile("(?!)"); // Matches nothing.
    }
    return Pattern.compile(
        texts.stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|")));
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

  /** Tokens of plain text. Special tokens never arise from it, whatever the text spells. */
  public int[] encode(String text) {
    TokenList out = new TokenList();
    encodePlain(wellFormed(text), out);
    return out.toArray();
  }

  /**
   * Tokens of text in which the spellings of special tokens stand for them: of those that begin at
   * one place the longest. Never for text that a user can write into.
   */
  public int[] encodeWithSpecialTokens(String text) {
    return encodeWithSpecialTokens(text, plain -> plain);
  }

  /**
   * As {@link #encodeWithSpecialTokens(String)}, for text in which a guard character keeps apart
   * what would else spell a special token.
   *
   * @param guard is dropped from the text between special tokens
   */
  public int[] encodeWithSpecialTokens(String text, char guard) {
    String separator = String.valueOf(guard);
    return encodeWithSpecialTokens(text, plain -> plain.replace(separator, ""));
  }

  private int[] encodeWithSpecialTokens(String text, UnaryOperator<String> cleaning) {
    String whole = wellFormed(text);
    TokenList out = new TokenList();
    Matcher matcher = specialPattern.matcher(whole);
    int end = 0;
    while (matcher.find()) {
      encodePlain(cleaning.apply(whole.substring(end, matcher.start())), out);
      Integer id = specialIds.get(matcher.group());
      if (id != null) {
        out.add(id);
      }
      end = matcher.end();
    }
    encodePlain(cleaning.apply(whole.substring(end)), out);
    return out.toArray();
  }

  private void encodePlain(String text, TokenList out) {
    PairMerger merger = new PairMerger(merges);
    preTokenizer.split(
        text, 0, text.length(), (from, to) -> encodePiece(text.substring(from, to), merger, out));
  }

  private void encodePiece(String piece, PairMerger merger, TokenList out) {
    byte[] utf8 = piece.getBytes(StandardCharsets.UTF_8);
    if (preTokenizer.wholeTokensFirst()) {
      Integer whole = plainIds.get(ByteAlphabet.spell(utf8));
      if (whole != null) {
        out.add(whole);
        return;
      }
    }
    merger.merge(utf8, 0, utf8.length, byteTokens, out);
  }

  private static String wellFormed(String text) {
    int at = 0;
    while (at < text.length() && !isLoneSurrogate(text, at)) {
      at += Character.charCount(text.codePointAt(at));
    }
    return at == text.length() ? text : replaceLoneSurrogates(text);
  }

  private static boolean isLoneSurrogate(String text, int at) {
    int codePoint = text.codePointAt(at);
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static String replaceLoneSurrogates(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  /**
   * The bytes of a token, for a special token its spelling in UTF-8. They may begin or end inside a
   * character. The caller must not change them.
   *
   * @param token in [0, {@link #vocabularySize()})
   */
  public byte[] bytes(int token) {
    return bytes[token];
  }

  /** The text of tokens; bytes that are not UTF-8 become U+FFFD. */
  public String decode(int[] tokens) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int token : tokens) {
      out.writeBytes(bytes[token]);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Tokens have ids from 0 to below this. */
  public int vocabularySize() {
    return bytes.length;
  }

  /** The token that begins a text, if the vocabulary has one. */
  public OptionalInt beginToken() {
    return vocabulary.begin();
  }

  /** The token that ends a text, if the vocabulary has one. */
  public OptionalInt endToken() {
    return vocabulary.end();
  }

  /** Whether a model that writes this token has finished its turn. */
  public boolean isEndOfTurn(int token) {
    return vocabulary.endOfTurn().contains(token);
  }

  /** Ids of the tokens that finish a turn. */
  public Set<Integer> endOfTurnTokens() {
    return vocabulary.endOfTurn();
  }

  /** Whether the token is one that never comes from plain text. */
  public boolean isSpecial(int token) {
    return vocabulary.special().contains(token);
  }

  /** The special tokens: id by spelling. */
  public Map<String, Integer> specialTokens() {
    return specialIds;
  }
}
