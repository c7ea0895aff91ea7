package io.parley.model.tokenizer;

import io.parley.model.source.Metadata;
import io.parley.model.source.ModelFileException;
import io.parley.model.source.ModelSource;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Text to tokens and back: every text has tokens. Immutable and thread-safe.
 *
 * <p>A token is special, added or plain. Special tokens never come from plain text; added ones
 * stand for their spelling wherever a text has it. A surrogate without its other half is no
 * character and becomes U+FFFD.
 */
public sealed interface Tokenizer permits BytePairTokenizer, SentencePieceTokenizer {
  /**
   * The tokenizer of a model.
   *
   * @throws ModelFileException if the model has none, a damaged one, or one of a kind that is not
   *     supported
   */
  static Tokenizer from(ModelSource source) {
    Metadata metadata = source.metadata();
    String model = metadata.string(TokenKeys.MODEL);
    return switch (model) {
      case TokenKeys.BYTE_LEVEL -> BytePairTokenizer.from(source);
      case TokenKeys.SENTENCE_PIECE -> SentencePieceTokenizer.from(source);
      default ->
          throw metadata.failure(
              TokenKeys.MODEL,
              ("tokenizer \"%s\" is not supported; supported are \"gpt2\" (byte-level BPE) and"
                      + " \"llama\" (SentencePiece)")
                  .formatted(model));
    };
  }

  /** Tokens of plain text. Special tokens never arise from it, whatever the text spells. */
  int[] encode(String text);

  /**
   * Tokens of text in which the spellings of special tokens stand for them: of those that begin at
   * one place the longest. Never for text that a user can write into.
   */
  int[] encodeWithSpecialTokens(String text);

  /**
   * As {@link #encodeWithSpecialTokens(String)}, for text in which a guard character keeps apart
   * what would else spell a special token.
   *
   * @param guard is dropped from the text between special tokens
   */
  int[] encodeWithSpecialTokens(String text, char guard);

  /**
   * The bytes of a token, for a special token its spelling in UTF-8. They may begin or end inside a
   * character. The caller must not change them.
   *
   * @param token in [0, {@link #vocabularySize()})
   */
  byte[] bytes(int token);

  /** The text of tokens; bytes that are not UTF-8 become U+FFFD. */
  String decode(int[] tokens);

  /** Tokens have ids from 0 to below this. */
  int vocabularySize();

  /** The token that begins a text, if the vocabulary has one. */
  OptionalInt beginToken();

  /** The token that ends a text, if the vocabulary has one. */
  OptionalInt endToken();

  /** Whether a model that writes this token has finished its turn. */
  boolean isEndOfTurn(int token);

  /** Ids of the tokens that finish a turn. */
  Set<Integer> endOfTurnTokens();

  /** Whether the token is one that never comes from plain text. */
  boolean isSpecial(int token);

  /** The special tokens: id by spelling. */
  Map<String, Integer> specialTokens();
}
