package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.embedded.InProcessEphemeralStore;
import io.parley.embedded.SqliteDatabase;
import io.parley.gateway.Principal;
import io.parley.gateway.Scope;
import io.parley.gateway.administration.Actor;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.administration.AdministrationLimits;
import io.parley.gateway.administration.Tier;
import io.parley.gateway.administration.TierLimits;
import io.parley.gateway.limits.Limiter;
import io.parley.gateway.limits.Spend;
import io.parley.gateway.limits.TierTerms;
import io.parley.ports.data.Database;
import io.parley.ports.model.Share;
import io.parley.testkit.VirtualTime;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients see of the limits of their organisation; the limits have a time of their own. */
class OrganisationLimitsTest {
  private static final Actor OPERATOR = Actor.shell("op");
  private static final OptionalLong NONE = OptionalLong.empty();

  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private Database database;
  private Administration administration;
  private TestGateway gateway;

  @BeforeEach
  void start() {
    database = SqliteDatabase.open(directory.resolve("test.db"), 2);
    administration =
        new Administration(database, time, new SecureRandom(), AdministrationLimits.DEFAULTS);
    tier(NONE, NONE);
    String id = administration.organisations().create(OPERATOR, "tenant", "gold").id();
    Principal principal =
        new Principal(id, Optional.empty(), "key", Set.of(Scope.MESSAGES), Share.EQUAL);
    Limiter limiter =
        new Limiter(
            new TierTerms(database, time),
            new InProcessEphemeralStore(time, 1_000),
            (request, usage) -> usage.outputTokens(),
            Spend.NONE,
            time,
            new SecureRandom(),
            new SimpleMeterRegistry(),
            Runnable::run);
    gateway =
        new TestGateway.Setup()
            .authenticator(secret -> Optional.of(principal))
            .turnstile(limiter)
            .time(time)
            .start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    database.close();
  }

  private void tier(OptionalLong budget, OptionalLong requests) {
    TierLimits limits =
        new TierLimits(
            TierLimits.EVERY_MODEL, requests, OptionalLong.of(6_000), OptionalLong.of(600), NONE);
    administration.tiers().put(OPERATOR, new Tier("gold", 1_000, NONE, budget, List.of(limits)));
  }

  @Test
  void everyAnswerTellsWhatIsLeft() {
    gateway.models.script(model -> model.start(7).text("Hello").endTurn());
    for (String stream : List.of("", ",\"stream\":true")) {
      HttpResponse<String> response = ask(stream);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(header(response, "anthropic-ratelimit-requests-limit")).isEmpty();
      assertThat(header(response, "anthropic-ratelimit-input-tokens-limit")).hasValue("6000");
      assertThat(header(response, "anthropic-ratelimit-output-tokens-limit")).hasValue("600");
      assertThat(header(response, "anthropic-ratelimit-tokens-limit")).hasValue("600");
      assertThat(header(response, "anthropic-ratelimit-tokens-reset").orElse(""))
          .startsWith("2026-01-01T00:00:10");
    }
    assertThat(header(ask(""), "anthropic-ratelimit-output-tokens-remaining"))
        .as("twice 2 were generated, and now there may be 100")
        .hasValue("496");
  }

  @Test
  void aRefusalNamesTheLimitAndTheTimeAndKeepsIt() {
    tier(NONE, OptionalLong.of(2));
    gateway.models.script(model -> model.start(7).endTurn());
    ask("");
    ask("");
    HttpResponse<String> refused = ask(",\"stream\":true");
    assertThat(refused.statusCode()).isEqualTo(429);
    MessagesTest.assertError(
        refused,
        "rate_limit_error",
        "This request would exceed your organization's limit of 2 requests per minute for"
            + " parley-test; try again in 30000 ms");
    assertThat(header(refused, "retry-after")).hasValue("30");
    assertThat(header(refused, "retry-after-ms")).hasValue("30000");
    assertThat(header(refused, "anthropic-ratelimit-requests-remaining")).hasValue("0");
    assertThat(header(refused, "anthropic-ratelimit-requests-reset"))
        .hasValue("2026-01-01T00:01:00Z");
    time.advance(Duration.ofMillis(29_999));
    assertThat(ask("").statusCode()).isEqualTo(429);
    time.advance(Duration.ofMillis(1));
    assertThat(ask("").statusCode()).isEqualTo(200);
  }

  @Test
  void aBudgetThatIsUsedUpIsNotRetried() {
    tier(OptionalLong.of(100), NONE);
    gateway.models.script(model -> model.start(7).text("Hello").endTurn());
    assertThat(ask("").statusCode()).isEqualTo(200);
    HttpResponse<String> refused = ask("");
    assertThat(refused.statusCode()).isEqualTo(402);
    assertThat(header(refused, "x-should-retry")).hasValue("false");
    assertThat(header(refused, "retry-after")).isEmpty();
    MessagesTest.assertError(
        refused,
        "billing_error",
        "Of your organization's monthly budget of 0.0001, 0.000098 is left until 2026-02-01, and"
            + " this request may cost 0.0001");
  }

  @Test
  void whatTheModelHadNoRoomForIsGivenBack() {
    tier(NONE, OptionalLong.of(1));
    gateway.models.script(model -> model.refuse("no room", 5));
    assertThat(ask("").statusCode()).isEqualTo(529);
    assertThat(ask("").statusCode()).isEqualTo(529);
    gateway.models.script(model -> model.start(7).endTurn());
    assertThat(ask("").statusCode()).isEqualTo(200);
    assertThat(ask("").statusCode()).isEqualTo(429);
  }

  private HttpResponse<String> ask(String more) {
    return gateway.send(gateway.post("/v1/messages", TestGateway.body(more)));
  }

  private static Optional<String> header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name);
  }
}
