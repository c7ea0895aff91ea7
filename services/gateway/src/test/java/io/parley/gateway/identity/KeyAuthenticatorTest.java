package io.parley.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.embedded.SqliteDatabase;
import io.parley.gateway.Principal;
import io.parley.gateway.Scope;
import io.parley.gateway.administration.Actor;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.administration.AdministrationLimits;
import io.parley.gateway.administration.Administrator;
import io.parley.gateway.administration.KeySpec;
import io.parley.gateway.administration.KeyStatus;
import io.parley.gateway.administration.NewApiKey;
import io.parley.gateway.administration.Tier;
import io.parley.ports.data.Database;
import io.parley.ports.model.Share;
import io.parley.testkit.VirtualTime;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyAuthenticatorTest {
  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private final List<Runnable> background = new ArrayList<>();
  private Database database;
  private Administration administration;
  private KeyAuthenticator authenticator;
  private NewApiKey key;

  @BeforeEach
  void open() {
    database = SqliteDatabase.open(directory.resolve("test.db"), 1);
    administration =
        new Administration(database, time, new SecureRandom(), AdministrationLimits.DEFAULTS);
    authenticator = new KeyAuthenticator(database, time, background::add);
    key = administration.bootstrap(made -> {}).orElseThrow();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Administrator by() {
    return new Administrator(Actor.SERVER, key.organisationId());
  }

  private void set(KeyStatus status) {
    administration
        .apiKeys()
        .update(by(), KeyKind.API, key.key().id(), Optional.empty(), Optional.of(status));
  }

  private Optional<Principal> come(NewApiKey with) {
    return authenticator.authenticate(with.secret());
  }

  @Test
  void knowsWhoseKeyItIsAndWhatItIsGoodFor() {
    assertThat(come(key))
        .contains(
            new Principal(
                key.organisationId(),
                Optional.empty(),
                key.key().id(),
                Set.of(Scope.MESSAGES, Scope.MODELS),
                Share.EQUAL));
  }

  @ParameterizedTest
  @EnumSource
  void givesSecretsTheFormOfTheirKind(KeyKind kind) {
    String secret = Secrets.next(kind, new SecureRandom());
    assertThat(secret).matches(kind.secretPrefix() + "[0-9A-Za-z]{43}");
    assertThat(Secrets.isWellFormed(secret)).isTrue();
    assertThat(Secrets.shownPrefix(kind, secret)).hasSize(kind.secretPrefix().length() + 4);
  }

  @Test
  void refusesSecretsItDoesNotKnow() {
    String secret = key.secret();
    assertThat(authenticator.authenticate("")).isEmpty();
    assertThat(authenticator.authenticate("sk-parley-")).isEmpty();
    assertThat(authenticator.authenticate(secret + "x")).isEmpty();
    assertThat(authenticator.authenticate(secret.substring(0, secret.length() - 1) + "-"))
        .isEmpty();
    assertThat(authenticator.authenticate("sk-parley-" + "0".repeat(43))).isEmpty();
    assertThat(authenticator.authenticate("sk-parley-admin-" + "0".repeat(43))).isEmpty();
    assertThat(authenticator.authenticate("x".repeat(1_000_000))).isEmpty();
    assertThat(authenticator.authenticate("sk-parley-' OR 1 = 1 --                       "))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = KeyStatus.class,
      names = {"INACTIVE", "ARCHIVED"})
  void refusesAKeyThatIsNotActiveAnyMoreWithinASecond(KeyStatus status) {
    assertThat(come(key)).isPresent();
    set(status);
    time.advance(Duration.ofSeconds(1));
    assertThat(come(key)).isEmpty();
  }

  @Test
  void refusesARevokedKeyWithinASecondHoweverBusyItIs() {
    assertThat(come(key)).isPresent();
    set(KeyStatus.ARCHIVED);
    Instant revoked = time.now();
    while (come(key).isPresent()) {
      time.advance(Duration.ofMillis(10));
    }
    assertThat(Duration.between(revoked, time.now())).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void looksForAKeyOnceASecond() {
    assertThat(come(key)).isPresent();
    set(KeyStatus.INACTIVE);
    time.advance(Duration.ofMillis(999));
    assertThat(come(key)).isPresent();
  }

  @Test
  void knowsAKeyAtOnceThatIsActiveAgain() {
    set(KeyStatus.INACTIVE);
    assertThat(come(key)).isEmpty();
    set(KeyStatus.ACTIVE);
    assertThat(come(key)).isPresent();
  }

  @Test
  void refusesAKeyFromTheMomentAtWhichItExpires() {
    Instant expires = time.now().plusMillis(1_300);
    NewApiKey brief =
        administration
            .apiKeys()
            .create(
                by(),
                new KeySpec(
                    KeyKind.API,
                    "brief",
                    Optional.empty(),
                    Set.of(Scope.MODELS),
                    Optional.of(expires)));
    assertThat(come(brief).orElseThrow().scopes()).containsExactly(Scope.MODELS);
    time.advance(Duration.ofSeconds(1));
    assertThat(come(brief)).as("looked up and remembered 300 ms before its end").isPresent();
    time.advance(Duration.ofMillis(299));
    assertThat(come(brief)).isPresent();
    time.advance(Duration.ofMillis(1));
    assertThat(come(brief)).isEmpty();
  }

  @Test
  void followsTheTierOfTheOrganisationWithinASecond() {
    assertThat(come(key)).isPresent();
    administration
        .tiers()
        .put(
            Actor.SERVER,
            new Tier("gold", 2_500, OptionalLong.of(3), OptionalLong.empty(), List.of()));
    administration.organisations().update(by(), Optional.empty(), Optional.of("gold"));
    time.advance(Duration.ofSeconds(1));
    assertThat(come(key).orElseThrow().share()).isEqualTo(new Share(2.5, 3));
  }

  @Test
  void writesTheLastUseOnceAMinuteAndNotInTheWayOfTheRequest() {
    for (int i = 0; i < 59; i++) {
      come(key);
      time.advance(Duration.ofSeconds(1));
    }
    assertThat(background).hasSize(1);
    assertThat(lastUse()).isEmpty();
    background.removeFirst().run();
    assertThat(lastUse()).contains(Instant.parse("2026-01-01T00:00:00Z"));
    come(key);
    assertThat(background).as("59 seconds later").isEmpty();
    time.advance(Duration.ofSeconds(1));
    come(key);
    background.removeFirst().run();
    assertThat(lastUse()).contains(Instant.parse("2026-01-01T00:01:00Z"));
  }

  @Test
  void letsARequestThroughWhoseUseCannotBeWritten() {
    KeyAuthenticator shut =
        new KeyAuthenticator(
            database,
            time,
            task -> {
              throw new RejectedExecutionException("shut down");
            });
    assertThat(shut.authenticate(key.secret())).isPresent();
  }

  private Optional<Instant> lastUse() {
    return administration.apiKeys().get(by(), KeyKind.API, key.key().id()).lastUsedAt();
  }

  @Test
  void comparesHashesWhole() {
    String hash = Secrets.hash("a");
    assertThat(Secrets.sameHash(hash, Secrets.hash("a"))).isTrue();
    assertThat(Secrets.sameHash(hash, Secrets.hash("b"))).isFalse();
    assertThat(Secrets.sameHash(hash, hash.substring(1))).isFalse();
  }

  @Test
  void knowsItsKeysAfterARestart() {
    database.close();
    database = SqliteDatabase.open(directory.resolve("test.db"), 1);
    authenticator = new KeyAuthenticator(database, time, background::add);
    assertThat(come(key)).isPresent();
  }
}
