package io.parley.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
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
import io.parley.gateway.observation.Observation;
import io.parley.ports.model.Share;
import io.parley.safety.Auditor;
import io.parley.safety.GateDecision;
import io.parley.safety.GateLimits;
import io.parley.safety.InputGuard;
import io.parley.safety.OutputGate;
import io.parley.safety.OutputGuard;
import io.parley.testkit.FakeModelPool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Sends a word through every way in which a request can fail, and looks for it in the log. */
class NoPromptInLogsTest {
  private static final String CANARY = "xyzzy-canary-plugh";
  private static final String BODY =
      """
      {"model":"m","max_tokens":9,"messages":[{"role":"user","content":"%s"}]}"""
          .formatted(CANARY);

  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private final ByteArrayOutputStream json = new ByteArrayOutputStream();
  private final OutputStreamAppender<ILoggingEvent> textLines = appender(new TextLines(), text);
  private final OutputStreamAppender<ILoggingEvent> jsonLines = appender(new JsonLines(), json);
  private final FakeModelPool models = new FakeModelPool(List.of(FakeModelPool.textModel("m")));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client = HttpClient.newHttpClient();
  private boolean inputBreaks;
  private boolean outputBreaks;
  private boolean authenticationBreaks;
  private boolean accountsBreak;
  private Gateway gateway;

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }

  private static Logger root() {
    return context().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  private static OutputStreamAppender<ILoggingEvent> appender(
      Encoder<ILoggingEvent> encoder, ByteArrayOutputStream out) {
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context());
    encoder.setContext(context());
    encoder.start();
    appender.setEncoder(encoder);
    appender.setOutputStream(out);
    appender.start();
    return appender;
  }

  @BeforeEach
  void start() {
    root().addAppender(textLines);
    root().addAppender(jsonLines);
    context().getLogger("io.parley").setLevel(Level.DEBUG);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    TimeSource time = TimeSource.system();
    GateLimits limits = new GateLimits(10_000, 10_000, 0);
    gateway =
        Gateway.start(
            new GatewayConfig("127.0.0.1", 0, 1, false, limits()),
            new GatewayParts(
                models,
                secret -> {
                  failIf(authenticationBreaks);
                  return Optional.of(principal());
                },
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Circuits(models, Map.of(), meters, time),
                new InputGuard(
                    (context, prompt) -> {
                      failIf(inputBreaks);
                      return GateDecision.ALLOW;
                    },
                    limits,
                    threads,
                    Auditor.NONE),
                Turnstile.OPEN,
                new OutputGuard(context -> new BreakingCheck(), limits, time, Auditor.NONE),
                accounts(),
                Optional.empty(),
                Observation.of(meters, time),
                Optional.empty(),
                () -> "",
                time,
                new Ulid(time, new Random(1)),
                threads,
                Optional.empty(),
                List.of()));
  }

  private static GatewayLimits limits() {
    GatewayLimits usual = GatewayLimits.DEFAULTS;
    return new GatewayLimits(usual.requests(), usual.streams(), usual.connections());
  }

  private static Principal principal() {
    return new Principal("org", Optional.empty(), "key", Set.of(Scope.MESSAGES), Share.EQUAL);
  }

  private Accounts accounts() {
    return (conclusion, then) -> {
      if (accountsBreak) {
        then.accept(false);
      } else {
        then.accept(true);
      }
    };
  }

  private static void failIf(boolean broken) {
    if (broken) {
      throw new IllegalStateException("cannot digest " + CANARY, new RuntimeException(CANARY));
    }
  }

  private final class BreakingCheck implements OutputGate.Check {
    @Override
    public GateDecision next(String released) {
      failIf(outputBreaks);
      return GateDecision.ALLOW;
    }

    @Override
    public GateDecision end() {
      return GateDecision.ALLOW;
    }

    @Override
    public int undecidedChars() {
      return 0;
    }
  }

  @AfterEach
  void stop() {
    gateway.close();
    root().detachAppender(textLines);
    root().detachAppender(jsonLines);
    context().getLogger("io.parley").setLevel(Level.INFO);
    client.shutdownNow();
    threads.shutdownNow();
  }

  private int post(String path, String body) {
    try {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                  .header("x-api-key", "k")
                  .header("anthropic-version", "2023-06-01")
                  .POST(BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString())
          .statusCode();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void noLineHasWordsOfAPromptWhateverFails() {
    assertThat(post("/v1/messages", CANARY)).isEqualTo(400);
    assertThat(post("/v1/messages", "{\"" + CANARY + "\":1}")).isEqualTo(400);
    assertThat(post("/v1/messages", BODY.replace("\"m\"", "\"" + CANARY + "\""))).isEqualTo(404);
    assertThat(post("/v1/messages", BODY.replace("user", CANARY))).isEqualTo(400);
    assertThat(post("/v1/" + CANARY + "?q=" + CANARY, BODY)).isEqualTo(404);

    models.script(model -> model.start(1).fail(ErrorCode.API, CANARY));
    assertThat(post("/v1/messages", BODY)).isEqualTo(500);
    models.script(model -> model.start(1).text(CANARY).endTurn());
    authenticationBreaks = true;
    assertThat(post("/v1/messages", BODY)).isEqualTo(500);
    authenticationBreaks = false;
    inputBreaks = true;
    post("/v1/messages", BODY);
    inputBreaks = false;
    outputBreaks = true;
    post("/v1/messages", BODY);
    outputBreaks = false;
    accountsBreak = true;
    assertThat(post("/v1/messages", BODY)).isEqualTo(500);
    accountsBreak = false;
    models.refuse(new IllegalStateException(CANARY, new RuntimeException(CANARY)));
    assertThat(post("/v1/messages", BODY)).isEqualTo(500);

    String lines = text.toString(StandardCharsets.UTF_8) + json.toString(StandardCharsets.UTF_8);
    assertThat(lines)
        .contains("java.lang.IllegalStateException", "\tat ", "request_id=req_")
        .contains("\"request_id\":\"req_")
        .doesNotContain(CANARY);
  }
}
