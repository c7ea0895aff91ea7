package io.parley.chat.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PasswordHashTest {
  private static final PasswordCost COST = new PasswordCost(64, 1, 1);

  /** Made by the reference implementation (phc-winner-argon2, its test suite of Argon2id). */
  @Test
  void agreesWithTheReferenceImplementation() {
    PasswordHash hash =
        PasswordHash.parse(
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ"
                + "$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4");
    assertThat(hash.matches("password")).isTrue();
    assertThat(hash.matches("Password")).isFalse();
  }

  @Test
  void isReadAgainAsItWasWritten() {
    PasswordHash hash = PasswordHash.of("correct horse", COST, new Random(1));
    PasswordHash read = PasswordHash.parse(hash.toString());
    assertThat(read).hasToString(hash.toString());
    assertThat(read.matches("correct horse")).isTrue();
    assertThat(read.matches("correct horsf")).isFalse();
    assertThat(read.costs(COST)).isTrue();
    assertThat(read.costs(PasswordCost.DEFAULT)).isFalse();
  }

  @Test
  void twoHashesOfOnePasswordDiffer() {
    Random random = new Random(1);
    assertThat(PasswordHash.of("same", COST, random).toString())
        .isNotEqualTo(PasswordHash.of("same", COST, random).toString());
  }

  @Test
  void refusesWhatIsNoHash() {
    assertThatIllegalArgumentException().isThrownBy(() -> PasswordHash.parse("$2a$10$abc"));
  }
}
