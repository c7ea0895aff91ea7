package io.parley.training.bpe;

import java.util.List;

/**
 * A learned byte-pair encoding.
 *
 * @param tokens by id: first the special tokens, then the 256 bytes, then one token per merge; all
 *     but the special ones in the {@link ByteAlphabet}
 * @param merges in order of application, each {@code "left right"}
 * @param specialTokens how many tokens at the front are never produced from text
 */
public record BpeVocabulary(List<String> tokens, List<String> merges, int specialTokens) {
  public BpeVocabulary {
    tokens = List.copyOf(tokens);
    merges = List.copyOf(merges);
  }

  /** Number of tokens. */
  public int size() {
    return tokens.size();
  }
}
