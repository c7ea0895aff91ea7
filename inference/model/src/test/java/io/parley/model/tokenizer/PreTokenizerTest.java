package io.parley.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PreTokenizerTest {
  private static final String TEXT = "It's 1234 o'CLOCK!!\n\n  now\u00a0x";

  @Test
  void qwen2CutsDigitsOneByOne() {
    assertThat(PreTokenizer.named("qwen2").split(TEXT))
        .containsExactly(
            "It", "'s", " ", "1", "2", "3", "4", " o", "'CLOCK", "!!\n\n", " ", " now", "\u00a0x");
  }

  @Test
  void llama3CutsDigitsByThree() {
    assertThat(PreTokenizer.named("llama-bpe").split("a 1234567"))
        .containsExactly("a", " ", "123", "456", "7");
  }

  @Test
  void gpt2KeepsNumbersWholeAndKnowsLowerCaseSuffixesOnly() {
    assertThat(PreTokenizer.named("gpt-2").split("it's IT'S 1234"))
        .containsExactly("it", "'s", " IT", "'", "S", " 1234");
  }

  @Test
  void smolLmCutsDigitsBeforeAllElse() {
    assertThat(PreTokenizer.named("smollm").split("a 12  b"))
        .containsExactly("a", " ", "1", "2", " ", " b");
  }

  @Test
  void namesARuleThatItDoesNotKnow() {
    assertThatThrownBy(() -> PreTokenizer.named("deepseek-llm"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"deepseek-llm\" is not supported; supported are qwen2, gpt-2");
  }
}
