package io.parley.training.bpe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.ParleyException;
import io.parley.model.tokenizer.BytePairTokenizer;
import io.parley.model.tokenizer.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BpeTrainerTest {
  private static final int UNMERGED = 256 + 5;

  @Test
  void mergesTheMostFrequentPairFirst() {
    Vocabulary vocabulary = train(UNMERGED + 3, "ab", "ab", "ab", "bc", "bc", "abc", "abc");
    // "ab" 5 times; then "bc" and "ab c" twice each, of which "ab c" has the smaller bytes.
    assertThat(vocabulary.merges()).containsExactly("a b", "ab c", "b c");
    assertThat(vocabulary.tokens()).endsWith("ab", "abc", "bc");
  }

  @Test
  void stopsWhenNoPairOccursTwice() {
    assertThat(train(1000, "xy", "xy", "pq").merges()).containsExactly("x y");
  }

  @Test
  void noTokenCrossesTheBorderOfAWord() {
    assertThat(train(1000, "ab cd", "ab cd").tokens()).contains("ab", "Ġcd").doesNotContain("abĠ");
  }

  @Test
  void digitsStayAlone() {
    assertThat(train(1000, "1234 1234 1234").merges()).isEmpty();
  }

  @Test
  void specialTokensComeFirstAndAreNeverMadeFromText() {
    Vocabulary vocabulary = train(400, "<|end|> <|end|> <|end|>");
    assertThat(vocabulary.tokens()).startsWith(SpecialTokens.ALL.toArray(String[]::new));
    assertThat(vocabulary.special()).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    assertThat(new BytePairTokenizer(vocabulary).encode("<|end|>"))
        .isNotEmpty()
        .doesNotContain(SpecialTokens.END);
  }

  @Test
  void theOrderOfTheTextsDoesNotMatter() {
    List<String> texts = new ArrayList<>(randomTexts(1, "abcde", 60));
    Vocabulary forwards = train(330, texts.toArray(String[]::new));
    assertThat(train(330, texts.reversed().toArray(String[]::new))).isEqualTo(forwards);
  }

  @Test
  void doesWhatCountingEverythingAnewWouldDo() {
    for (int seed = 0; seed < 40; seed++) {
      List<String> texts = randomTexts(seed, seed % 2 == 0 ? "ab" : "abcdé", 30);
      Vocabulary learned = train(UNMERGED + 40, texts.toArray(String[]::new));
      assertThat(learned.merges()).as("seed %d", seed).isEqualTo(PlainBpe.merges(texts, 40));
      // Accepted by the tokenizer: no token twice.
      assertThat(new BytePairTokenizer(learned).vocabularySize())
          .isEqualTo(learned.tokens().size());
    }
  }

  @Test
  void aSizeThatTheBytesAloneExceedIsRefused() {
    assertThatThrownBy(() -> train(260))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("261");
  }

  private static Vocabulary train(int size, String... texts) {
    BpeTrainer trainer = new BpeTrainer();
    Arrays.asList(texts).forEach(trainer::add);
    return trainer.train(size);
  }

  private static List<String> randomTexts(int seed, String letters, int count) {
    Random random = new Random(seed);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = 1 + random.nextInt(9); length > 0; length--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      texts.add(text.toString());
    }
    return texts;
  }
}
