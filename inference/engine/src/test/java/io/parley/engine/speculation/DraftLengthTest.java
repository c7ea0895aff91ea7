package io.parley.engine.speculation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.ParleyException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DraftLengthTest {
  private final DraftLength length = new GuessSource(8, 0.5).newLength();

  @Test
  void growsToItsLimitWhileAllGuessesAreRight() {
    for (int expected : new int[] {2, 4, 8, 8}) {
      assertThat(length.next()).isEqualTo(expected);
      length.checked(length.next(), length.next());
    }
  }

  @Test
  void fallsToWhatWasRight() {
    length.checked(2, 2);
    length.checked(4, 3);
    assertThat(length.next()).isEqualTo(3);
  }

  @Test
  void pausesLongerEachTimeWhileItLoses() {
    int[] pauses = new int[8];
    for (int i = 0; i < pauses.length; i++) {
      while (length.next() > 0) {
        length.checked(length.next(), 0);
      }
      while (length.next() == 0) {
        length.checked(0, 0);
        pauses[i]++;
      }
    }
    assertThat(pauses).containsExactly(8, 16, 32, 64, 128, 256, 256, 256);
  }

  @Test
  void comesBackWhenGuessesAreRightAgain() {
    while (length.next() > 0) {
      length.checked(length.next(), 0);
    }
    while (length.next() == 0) {
      length.checked(0, 0);
    }
    for (int i = 0; i < 4; i++) {
      length.checked(length.next(), length.next());
    }
    assertThat(length.next()).isEqualTo(8);
  }

  @Test
  void wrongGuessesCostLittleOverAWholeAnswer() {
    // With every guess wrong, what is checked in vain stays a small part of 2,000 tokens.
    int wasted = 0;
    for (int token = 0; token < 2_000; token++) {
      wasted += length.next();
      length.checked(length.next(), 0);
    }
    assertThat(wasted).isBetween(1, 40);
  }

  @Test
  void goesOnGuessingWhereItPays() {
    SplittableRandom random = new SplittableRandom(5);
    int guesses = 0;
    for (int step = 0; step < 1_000; step++) {
      int checked = length.next();
      int right = 0;
      while (right < checked && random.nextDouble() < 0.9) {
        right++;
      }
      guesses += checked;
      length.checked(checked, right);
    }
    assertThat(guesses).isGreaterThan(3_000);
  }

  @Test
  void refusesSettingsThatMeanNothing() {
    assertThatThrownBy(() -> new Speculation(-1, 0.5))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("max_draft_tokens");
    assertThatThrownBy(() -> new Speculation(4, 0))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("row_cost");
    assertThatThrownBy(() -> new Speculation(4, Double.NaN))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("row_cost");
  }
}
