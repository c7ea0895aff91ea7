package io.parley.chat.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class SessionTokenTest {
  private final SessionToken token = SessionToken.next(new SecureRandom());

  @Test
  void acceptsItsOwnCsrfTokenAndNoOther() {
    SessionToken other = SessionToken.next(new SecureRandom());
    assertThat(token.accepts(token.csrf())).isTrue();
    assertThat(token.accepts(other.csrf())).isFalse();
    assertThat(token.accepts("")).isFalse();
    assertThat(token.csrf()).doesNotContain(token.secret());
  }

  @Test
  void isReadAgainAndNothingElseIs() {
    assertThat(SessionToken.of(token.secret())).hasValue(token);
    assertThat(SessionToken.of("")).isEmpty();
    assertThat(SessionToken.of(token.secret() + "A")).isEmpty();
    assertThat(SessionToken.of("'".repeat(43))).isEmpty();
  }

  @Test
  void staysOutOfLogs() {
    assertThat(token.toString()).doesNotContain(token.secret());
  }
}
