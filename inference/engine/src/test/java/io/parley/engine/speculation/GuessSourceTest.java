package io.parley.engine.speculation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GuessSourceTest {
  private final GuessSource source = new GuessSource(4, 0.5);

  @Test
  void isTriedAtFirst() {
    assertThat(source.isWorthTrying()).isTrue();
    assertThat(source.newLength().next()).isEqualTo(2);
  }

  @Test
  void whatNeverWasRightIsTriedByFewSequencesAlone() {
    lose();
    int tries = 0;
    for (int i = 0; i < 320; i++) {
      tries += source.isWorthTrying() ? 1 : 0;
    }
    assertThat(tries).isEqualTo(10);
  }

  @Test
  void whereItDoesNotPayANewSequencePausesFirst() {
    lose();
    DraftLength length = source.newLength();
    for (int token = 0; token < 8; token++) {
      assertThat(length.next()).isZero();
      length.checked(0, 0);
    }
    assertThat(length.next()).isEqualTo(1);
  }

  @Test
  void comesBackWhenItsTrialsAreRight() {
    lose();
    DraftLength trial = source.newLength();
    for (int step = 0; step < 300; step++) {
      trial.checked(trial.next(), trial.next());
    }
    assertThat(source.pays()).isTrue();
  }

  @Test
  void withoutGuessesItIsNeverTried() {
    GuessSource none = new GuessSource(0, 0.5);
    for (int i = 0; i < 100; i++) {
      assertThat(none.isWorthTrying()).isFalse();
    }
    assertThat(none.newLength().next()).isZero();
  }

  @Test
  void aDraftModelMustPayForItsOwnTokensToo() {
    GuessSources sources = GuessSources.of(new Speculation(4, 0.4, 0.2));
    assertThat(sources.lookup().guessCost()).isEqualTo(0.4);
    assertThat(sources.draft().guessCost()).isEqualTo(0.4 + 0.2 * 5 / 4);
    assertThat(GuessSources.of(new Speculation(4, 0.4)).draft().mostGuesses()).isZero();
  }

  private void lose() {
    DraftLength length = source.newLength();
    while (source.pays()) {
      length.checked(2, 0);
    }
  }
}
