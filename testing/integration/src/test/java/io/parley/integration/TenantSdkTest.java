package io.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.HttpResponseFor;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import io.parley.common.TimeSource;
import io.parley.gateway.administration.Actor;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.administration.Administrator;
import io.parley.gateway.administration.KeySpec;
import io.parley.gateway.administration.Organisation;
import io.parley.gateway.administration.Tier;
import io.parley.gateway.administration.TierLimits;
import io.parley.gateway.identity.KeyKind;
import io.parley.safety.PiiAction;
import io.parley.safety.PiiKind;
import io.parley.server.ShellAdministration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits, repeats and refusals of a started server, as tenants see them in the official SDK. */
@SuppressWarnings("NullAway.Init") // set by beforeAll
class TenantSdkTest {
  private static final Actor OPERATOR = Actor.shell("operator");

  @TempDir static Path directory;
  private static final List<AnthropicClient> CLIENTS = new ArrayList<>();
  private static RunningParley parley;

  @BeforeAll
  static void start() {
    parley = RunningParley.start(directory);
  }

  @AfterAll
  static void stop() {
    CLIENTS.forEach(AnthropicClient::close);
    parley.close();
  }

  /** A client of a new organisation that may ask so often, and lets no mail address through. */
  private static AnthropicClient tenant(String name, long requestsPerMinute) {
    try (ShellAdministration shell =
        ShellAdministration.open(directory.resolve("data"), TimeSource.system())) {
      Administration administration = shell.administration();
      administration.tiers().put(OPERATOR, tier(name, requestsPerMinute));
      Organisation made = administration.organisations().create(OPERATOR, name, name);
      Administrator by = new Administrator(OPERATOR, made.id());
      administration.privacy().update(by, Map.of(PiiKind.EMAIL, PiiAction.REFUSE), Map.of());
      String key = administration.apiKeys().create(by, KeySpec.of(KeyKind.API, name)).secret();
      AnthropicClient client =
          AnthropicOkHttpClient.builder().baseUrl(parley.url()).apiKey(key).maxRetries(0).build();
      CLIENTS.add(client);
      return client;
    }
  }

  private static Tier tier(String name, long requestsPerMinute) {
    OptionalLong none = OptionalLong.empty();
    TierLimits limits =
        new TierLimits(
            TierLimits.EVERY_MODEL, OptionalLong.of(requestsPerMinute), none, none, none);
    return new Tier(name, 1_000, none, none, List.of(limits));
  }

  private static MessageCreateParams.Builder question(String text) {
    return MessageCreateParams.builder().model("parley-mini").maxTokens(8).addUserMessage(text);
  }

  @Test
  void aLimitIsNamedAndSaysWhenToComeBack() {
    AnthropicClient client = tenant("slow", 2);
    try (HttpResponseFor<Message> first =
        client.messages().withRawResponse().create(question("Hello").build())) {
      assertThat(first.headers().values("anthropic-ratelimit-requests-limit")).containsExactly("2");
      assertThat(first.headers().values("anthropic-ratelimit-requests-remaining"))
          .containsExactly("1");
    }
    client.messages().create(question("Hello").build());
    assertThatExceptionOfType(RateLimitException.class)
        .isThrownBy(() -> client.messages().create(question("Hello").build()))
        .withMessageContaining("requests per minute")
        .satisfies(refused -> assertThat(seconds(refused, "retry-after")).isBetween(1L, 30L));
  }

  private static long seconds(AnthropicServiceException refused, String header) {
    return Long.parseLong(refused.headers().values(header).getFirst());
  }

  @Test
  void aRepeatedKeyIsAnsweredAgainAndTakesNothing() {
    AnthropicClient client = tenant("careful", 1);
    MessageCreateParams asked =
        question("Hello").putAdditionalHeader("Idempotency-Key", "once").build();
    Message first = client.messages().create(asked);
    try (HttpResponseFor<Message> again = client.messages().withRawResponse().create(asked)) {
      assertThat(again.headers().values("idempotent-replayed")).containsExactly("true");
      assertThat(again.parse()).isEqualTo(first);
    }
    assertThatExceptionOfType(RateLimitException.class)
        .isThrownBy(() -> client.messages().create(question("Hello").build()));
  }

  @Test
  void aRefusalIsAnAnswerWithItsCategory() {
    AnthropicClient client = tenant("private", 100);
    MessageCreateParams asked = question("Write to ada@example.org").build();
    Message whole = client.messages().create(asked);
    MessageAccumulator events = MessageAccumulator.create();
    try (StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(asked)) {
      stream.stream().forEach(events::accumulate);
    }
    for (Message refused : List.of(whole, events.message())) {
      assertThat(refused.stopReason()).contains(StopReason.REFUSAL);
      assertThat(refused.stopDetails().orElseThrow().validate().explanation().orElseThrow())
          .endsWith("pii_email");
      assertThat(refused.usage().outputTokens()).isZero();
    }
  }
}
