package io.parley.engine.speculation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromptLookupTest {
  @Test
  void whatFollowedBeforeFollowsAgain() {
    assertThat(guess(3, 1, 2, 3, 4, 5, 9, 1, 2, 3)).containsExactly(4, 5, 9);
  }

  @Test
  void theLatestPlaceCounts() {
    assertThat(guess(1, 1, 2, 7, 1, 2, 8, 1, 2)).containsExactly(8);
  }

  @Test
  void aLongerMatchCountsMoreThanALaterOne() {
    assertThat(guess(1, 1, 2, 3, 4, 7, 3, 4, 8, 1, 2, 3, 4)).containsExactly(7);
  }

  @Test
  void oneTokenAloneIsNoMatch() {
    assertThat(guess(4, 1, 2, 3, 1)).isEmpty();
  }

  @Test
  void aRunOfOneTokenGoesOn() {
    assertThat(guess(2, 5, 6, 6, 6)).containsExactly(6);
  }

  @Test
  void guessesEndWithTheSequenceAndAtTheirLimit() {
    assertThat(guess(9, 1, 2, 3, 1, 2)).containsExactly(3, 1, 2);
    assertThat(guess(1, 1, 2, 3, 1, 2)).containsExactly(3);
    assertThat(guess(0, 1, 2, 3, 1, 2)).isEmpty();
  }

  @Test
  void shortSequencesHaveNothingToRepeat() {
    assertThat(guess(4)).isEmpty();
    assertThat(guess(4, 1)).isEmpty();
    assertThat(guess(4, 1, 1)).isEmpty();
  }

  @Test
  void whatStandsBehindTheLengthDoesNotCount() {
    assertThat(PromptLookup.guess(new int[] {1, 2, 3, 1, 2, 0, 0}, 5, 1)).containsExactly(3);
  }

  @Test
  void itLooksBackToItsLimitOnly() {
    int[] tokens = new int[PromptLookup.REACH_TOKENS + 10];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = i + 10;
    }
    tokens[0] = 1;
    tokens[1] = 2;
    tokens[tokens.length - 2] = 1;
    tokens[tokens.length - 1] = 2;
    assertThat(PromptLookup.guess(tokens, tokens.length, 4)).isEmpty();
  }

  private static int[] guess(int most, int... tokens) {
    return PromptLookup.guess(tokens, tokens.length, most);
  }
}
