package io.parley.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.gateway.Principal;
import io.parley.ports.model.Share;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {
  private static final Principal ACME =
      new Principal("acme", Optional.empty(), "key_1", Set.of(), new Share(1, 1));

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "é", "a\tb"})
  void aKeyHasVisibleAsciiCharactersOnly(String garbage) {
    assertThatThrownBy(() -> key(garbage)).hasMessageStartingWith("idempotency-key: must");
  }

  @Test
  void aKeyHasALimitedLength() {
    assertThat(key("x".repeat(255)).value()).hasSize(255);
    assertThatThrownBy(() -> key("x".repeat(256))).hasMessageContaining("255");
  }

  private static IdempotencyKey key(String value) {
    return IdempotencyKey.of(ACME, "idempotency-key", value);
  }
}
