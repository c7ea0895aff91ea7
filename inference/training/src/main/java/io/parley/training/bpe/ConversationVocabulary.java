package io.parley.training.bpe;

import io.parley.model.tokenizer.PreTokenizer;
import io.parley.model.tokenizer.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How the vocabularies of this project's models are laid out. */
final class ConversationVocabulary {
  private static final String PRE_TOKENIZER_NAME = "qwen2";

  /** Digits stand alone, so that sums are learned digit by digit. */
  static final PreTokenizer PRE_TOKENIZER = PreTokenizer.named(PRE_TOKENIZER_NAME);

  private ConversationVocabulary() {}

  /**
   * The special tokens, then what text is made of.
   *
   * @param symbols spelled in the byte alphabet
   * @param merges in order of application, each {@code "left right"}
   */
  static Vocabulary of(List<String> symbols, List<String> merges) {
    List<String> tokens = new ArrayList<>(SpecialTokens.ALL);
    tokens.addAll(symbols);
    return new Vocabulary(
        tokens,
        merges,
        IntStream.range(0, SpecialTokens.ALL.size()).boxed().collect(Collectors.toSet()),
        PRE_TOKENIZER_NAME,
        OptionalInt.of(SpecialTokens.BEGIN),
        OptionalInt.of(SpecialTokens.END),
        Set.of(SpecialTokens.END));
  }
}
