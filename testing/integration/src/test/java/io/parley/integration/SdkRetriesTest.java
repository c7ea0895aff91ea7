package io.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.common.ErrorCode;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.gateway.GatewayLimits;
import io.parley.gateway.Principal;
import io.parley.gateway.Scope;
import io.parley.gateway.circuit.Circuits;
import io.parley.gateway.http.Gateway;
import io.parley.gateway.http.GatewayConfig;
import io.parley.gateway.http.GatewayParts;
import io.parley.gateway.messages.Accounts;
import io.parley.gateway.messages.Turnstile;
import io.parley.ports.model.Share;
import io.parley.safety.Auditor;
import io.parley.safety.GateLimits;
import io.parley.safety.InputGuard;
import io.parley.safety.OutputGuard;
import io.parley.safety.rules.RuleSet;
import io.parley.testkit.FakeGeneration;
import io.parley.testkit.FakeModelPool;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the SDK repeats by itself, told by the status and headers of the real HTTP edge. */
class SdkRetriesTest {
  private static final GateLimits PATIENT = new GateLimits(5_000, 5_000, 0);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final FakeModelPool models = new FakeModelPool(List.of(FakeModelPool.textModel("fake")));
  private final AtomicInteger calls = new AtomicInteger();
  private final Gateway gateway = start();
  private final AnthropicClient client =
      AnthropicOkHttpClient.builder()
          .baseUrl("http://127.0.0.1:" + gateway.port())
          .apiKey("key")
          .build();

  private Gateway start() {
    TimeSource time = TimeSource.system();
    RuleSet rules = RuleSet.shipped();
    return Gateway.start(
        new GatewayConfig("127.0.0.1", 0, 0, false, GatewayLimits.DEFAULTS),
        new GatewayParts(
            models,
            secret -> Optional.of(principal()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            new Circuits(models, Map.of(), new SimpleMeterRegistry(), time),
            new InputGuard(rules.inputGate(), PATIENT, threads, Auditor.NONE),
            Turnstile.OPEN,
            new OutputGuard(rules.outputGate(), PATIENT, time, Auditor.NONE),
            Accounts.NONE,
            Optional.empty(),
            new SimpleMeterRegistry(),
            () -> "",
            time,
            new Ulid(time, new SplittableRandom(1)),
            threads,
            List.of()));
  }

  private static Principal principal() {
    return new Principal("org", Optional.empty(), "key", Set.of(Scope.MESSAGES), Share.EQUAL);
  }

  @AfterEach
  void stop() {
    client.close();
    gateway.close();
    threads.close();
  }

  /** Lets the calls before the {@code good}th fail. */
  private Message askUntil(int good, ErrorCode failure) {
    Consumer<FakeGeneration> script =
        generation -> {
          generation.start(3);
          if (calls.incrementAndGet() < good) {
            generation.fail(failure, "not now");
          } else {
            generation.text("at last").endTurn();
          }
        };
    models.script(script);
    return client
        .messages()
        .create(
            MessageCreateParams.builder().model("fake").maxTokens(9).addUserMessage("hi").build());
  }

  @Test
  void anOverloadedServerIsAskedAgain() {
    Message message = askUntil(2, ErrorCode.OVERLOADED);
    assertThat(message.content().getFirst().asText().text()).isEqualTo("at last");
    assertThat(calls).hasValue(2);
  }

  @Test
  void twoRepetitionsAreAllThatTheSdkTries() {
    assertThatThrownBy(() -> askUntil(9, ErrorCode.OVERLOADED))
        .isInstanceOf(InternalServerException.class)
        .hasMessageContaining("not now");
    assertThat(calls).hasValue(3);
  }

  @Test
  void aWrongRequestIsNotRepeated() {
    assertThatThrownBy(() -> askUntil(9, ErrorCode.INVALID_REQUEST))
        .isInstanceOf(BadRequestException.class);
    assertThat(calls).hasValue(1);
  }
}
