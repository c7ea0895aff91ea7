package io.parley.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.embedded.SqliteDatabase;
import io.parley.ports.data.Database;
import io.parley.testkit.VirtualTime;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeysTest {
  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private Database database;
  private ApiKeys keys;

  @BeforeEach
  void open() {
    database = SqliteDatabase.open(directory.resolve("test.db"), 1);
    keys = new ApiKeys(database, time, new SecureRandom());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private NewApiKey bootstrap() {
    return keys.bootstrap(key -> {}).orElseThrow();
  }

  @Test
  void knowsTheKeyThatItMadeOnAnEmptyDatabase() {
    NewApiKey key = bootstrap();
    assertThat(keys.authenticate(key.secret())).contains(key.principal());
  }

  @Test
  void makesAFirstKeyOnlyOnce() {
    bootstrap();
    assertThat(keys.bootstrap(key -> {})).isEmpty();
  }

  @Test
  void makesTheFirstKeyAgainIfItCouldNotBeDelivered() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                keys.bootstrap(
                    key -> {
                      throw new IllegalStateException("the disk is full");
                    }));
    NewApiKey key = bootstrap();
    assertThat(keys.authenticate(key.secret())).contains(key.principal());
  }

  @Test
  void givesSecretsTheirFormAndNoTwoAlike() {
    String organisation = bootstrap().principal().organisationId();
    List<String> secrets =
        IntStream.range(0, 50).mapToObj(i -> keys.create(organisation, "k" + i).secret()).toList();
    assertThat(secrets)
        .doesNotHaveDuplicates()
        .allMatch(s -> s.matches("sk-parley-[0-9A-Za-z]{43}"));
  }

  @Test
  void refusesSecretsItDoesNotKnow() {
    String secret = bootstrap().secret();
    assertThat(keys.authenticate("")).isEmpty();
    assertThat(keys.authenticate("sk-parley-")).isEmpty();
    assertThat(keys.authenticate(secret + "x")).isEmpty();
    assertThat(keys.authenticate(secret.substring(0, secret.length() - 1) + "-")).isEmpty();
    assertThat(keys.authenticate("sk-parley-" + "0".repeat(43))).isEmpty();
    assertThat(keys.authenticate("x".repeat(1_000_000))).isEmpty();
    assertThat(keys.authenticate("sk-parley-' OR 1 = 1 --                       ")).isEmpty();
  }

  @Test
  void refusesARevokedKeyWithinASecond() {
    NewApiKey key = bootstrap();
    assertThat(keys.authenticate(key.secret())).isPresent();
    keys.revoke(key.principal().apiKeyId());
    time.advance(Duration.ofSeconds(1));
    assertThat(keys.authenticate(key.secret())).isEmpty();
  }

  @Test
  void remembersAKeyForLessThanASecondOnly() {
    NewApiKey key = bootstrap();
    assertThat(keys.authenticate(key.secret())).isPresent();
    keys.revoke(key.principal().apiKeyId());
    time.advance(Duration.ofMillis(999));
    assertThat(keys.authenticate(key.secret())).isPresent();
  }

  @Test
  void keepsNoSecretInTheDatabase() {
    String secret = bootstrap().secret();
    List<String> row =
        database.read(
            handle ->
                handle.createQuery("SELECT * FROM api_keys").mapToMap().one().values().stream()
                    .map(String::valueOf)
                    .toList());
    assertThat(row).noneMatch(value -> value.contains(secret)).contains(Secrets.hash(secret));
    assertThat(row).contains(secret.substring(0, 14));
  }

  @Test
  void doesNotShowTheSecretInText() {
    NewApiKey key = bootstrap();
    assertThat(key.toString()).doesNotContain(key.secret());
  }

  @Test
  void namesWhatIsNotThere() {
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(() -> keys.create("org_none", "k"))
        .withMessageContaining("org_none")
        .matches(e -> e.code() == ErrorCode.NOT_FOUND);
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(() -> keys.revoke("key_none"))
        .withMessageContaining("key_none");
  }

  @Test
  void knowsItsKeysAfterARestart() {
    NewApiKey key = bootstrap();
    database.close();
    open();
    assertThat(keys.authenticate(key.secret())).contains(key.principal());
    assertThat(keys.bootstrap(again -> {})).isEmpty();
  }
}
