package io.parley.gateway.inprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.Ulid;
import io.parley.embedded.SqliteDatabase;
import io.parley.gateway.GatewayLimits;
import io.parley.gateway.administration.Actor;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.administration.AdministrationLimits;
import io.parley.gateway.administration.Tier;
import io.parley.gateway.circuit.Circuits;
import io.parley.gateway.messages.Accepted;
import io.parley.gateway.messages.Authentication;
import io.parley.gateway.messages.Conclusion;
import io.parley.gateway.messages.CountTokensPipeline;
import io.parley.gateway.messages.GatewayMeters;
import io.parley.gateway.messages.MessagesPipeline;
import io.parley.gateway.messages.RequestReader;
import io.parley.gateway.messages.Turnstile;
import io.parley.gateway.observation.Observation;
import io.parley.ports.messages.AnswerEvent;
import io.parley.ports.messages.AnswerListener;
import io.parley.ports.messages.AnswerRequest;
import io.parley.ports.messages.AnswerRequest.Urgency;
import io.parley.ports.messages.RunningAnswer;
import io.parley.ports.model.GenerationRequest;
import io.parley.ports.model.ServiceClass;
import io.parley.ports.model.Share;
import io.parley.ports.model.Usage;
import io.parley.safety.Auditor;
import io.parley.safety.GateDecision;
import io.parley.safety.GateLimits;
import io.parley.safety.InputGuard;
import io.parley.safety.OutputGate;
import io.parley.safety.OutputGuard;
import io.parley.testkit.FakeGeneration;
import io.parley.testkit.FakeModelPool;
import io.parley.testkit.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The port as services use it, with everything on the calling thread. */
@SuppressWarnings("NullAway.Init") // set before each
class InProcessMessagesTest {
  private static final Actor OPERATOR = Actor.shell("op");
  private static final String MODEL = "parley-test";
  private static final OptionalLong TIER_RUNNING = OptionalLong.of(4);

  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private final FakeModelPool models = new FakeModelPool(List.of(FakeModelPool.textModel(MODEL)));
  private final CallingThread threads = new CallingThread();
  private final List<AnswerEvent> told = new ArrayList<>();
  private final List<Conclusion> concluded = new ArrayList<>();
  private final List<String> under = new ArrayList<>();
  private boolean written = true;
  private GateDecision gate = GateDecision.ALLOW;
  private SqliteDatabase database;
  private String organisation;
  private InProcessMessages messages;

  @BeforeEach
  void open() {
    database = SqliteDatabase.open(directory.resolve("test.db"), 1);
    Administration administration =
        new Administration(database, time, new SecureRandom(), AdministrationLimits.DEFAULTS);
    administration
        .tiers()
        .put(OPERATOR, new Tier("gold", 2_500, TIER_RUNNING, OptionalLong.empty(), List.of()));
    organisation = administration.organisations().create(OPERATOR, "tenant", "gold").id();
    messages = new InProcessMessages(database, time, ids(), threads, "chat");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Ulid ids() {
    return new Ulid(time, new Random(1));
  }

  private void attach() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Observation observation = Observation.of(meters, time);
    RequestReader reader = new RequestReader(GatewayLimits.Requests.DEFAULTS);
    Authentication nobody = new Authentication(secret -> Optional.empty());
    GateLimits limits = new GateLimits(10_000, 10_000, 0);
    MessagesPipeline pipeline =
        new MessagesPipeline(
            nobody,
            reader,
            models,
            new Circuits(models, Map.of(), meters, time),
            new InputGuard((context, prompt) -> gate, limits, threads, Auditor.NONE),
            Turnstile.OPEN,
            new OutputGuard(context -> new AllowAll(), limits, time, Auditor.NONE),
            (conclusion, then) -> {
              concluded.add(conclusion);
              then.accept(written);
            },
            observation,
            new GatewayMeters(meters),
            time,
            ids());
    messages.attach(
        pipeline,
        new CountTokensPipeline(nobody, reader, models),
        observation,
        () -> under.add("begun"),
        () -> under.add("finished"));
  }

  private AnswerRequest request(Urgency urgency, String more) {
    String body =
        "{\"model\":\"%s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"a b c\"}]%s}"
            .formatted(MODEL, more);
    return new AnswerRequest(
        organisation,
        Optional.of("wrkspc_1"),
        "user_1",
        urgency,
        body.getBytes(StandardCharsets.UTF_8));
  }

  private RunningAnswer start() {
    return messages.start(request(Urgency.INTERACTIVE, ""), told::add);
  }

  private AnswerEvent last() {
    return told.getLast();
  }

  @Test
  void untilItIsAttachedItIsStarting() {
    assertThatThrownBy(this::start)
        .isInstanceOfSatisfying(
            ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
    assertThatThrownBy(() -> messages.countTokens(new byte[0])).hasMessageContaining("starting");
  }

  @Test
  void anAnswerIsToldInOrderAndWrittenDownBeforeItsEnd() {
    attach();
    start();
    FakeGeneration model = models.take().start(3).text("Hel").text("lo");
    assertThat(told).hasSize(3);
    assertThat(concluded).isEmpty();
    model.endTurn();
    assertThat(told)
        .element(0)
        .isInstanceOfSatisfying(
            AnswerEvent.Started.class,
            started -> {
              assertThat(started.messageId()).startsWith("msg_");
              assertThat(started.modelId()).isEqualTo(MODEL);
            });
    assertThat(told.subList(1, 4))
        .containsExactly(
            new AnswerEvent.Text("Hel", new Usage(3, 1)),
            new AnswerEvent.Text("lo", new Usage(3, 2)),
            new AnswerEvent.Completed("end_turn", null, new Usage(3, 3)));
    assertThat(concluded).hasSize(1);
    assertThat(under).containsExactly("begun", "finished");
  }

  @Test
  void theAccountsNameTheServiceAndTheUserBehindIt() {
    attach();
    messages.start(
        request(Urgency.INTERACTIVE, ",\"metadata\":{\"user_id\":\"somebody else\"}"), told::add);
    models.take().start(3).endTurn();
    Accepted accepted = concluded.getFirst().request();
    assertThat(accepted.principal().organisationId()).isEqualTo(organisation);
    assertThat(accepted.principal().workspaceId()).hasValue("wrkspc_1");
    assertThat(accepted.principal().apiKeyId()).isEqualTo("chat");
    assertThat(accepted.endUser()).hasValue("user_1");
    assertThat(accepted.serviceTier()).isEqualTo(Accepted.STANDARD);
  }

  @Test
  void itRunsOnTheTermsOfTheTierAndByItsUrgency() {
    attach();
    start();
    GenerationRequest somebodyWaits = models.take().request();
    assertThat(somebodyWaits.share()).isEqualTo(new Share(2.5, 4));
    assertThat(somebodyWaits.serviceClass()).isEqualTo(ServiceClass.INTERACTIVE);
    messages.start(request(Urgency.BACKGROUND, ""), told::add);
    assertThat(models.take().request().serviceClass()).isEqualTo(ServiceClass.BATCH);
  }

  @Test
  void whatIsRefusedBeforeThereIsAnAnswerIsThrownAndNotTold() {
    attach();
    assertThatThrownBy(
            () -> messages.start(request(Urgency.INTERACTIVE, ",\"top_k\":-1"), told::add))
        .hasMessageContaining("top_k");
    organisation = "org_nobody";
    assertThatThrownBy(this::start).hasMessageContaining("there is no organisation org_nobody");
    assertThat(told).isEmpty();
    assertThat(under).containsExactly("begun", "finished"); // only the first came as far
    assertThat(models.waiting()).isZero();
  }

  @Test
  void aPromptThatTheGateRefusesIsAnAnswerThatSaysSo() {
    attach();
    gate = new GateDecision.Refuse("violence");
    start();
    assertThat(last())
        .isInstanceOfSatisfying(
            AnswerEvent.Completed.class,
            end -> {
              assertThat(end.stopReason()).isEqualTo("refusal");
              assertThat(end.refusal()).isEqualTo("violence");
            });
    assertThat(models.waiting()).isZero();
    assertThat(under).containsExactly("begun", "finished");
  }

  @Test
  void aCancelEndsTheGenerationAndSaysWhatItTook() {
    attach();
    RunningAnswer running = start();
    FakeGeneration model = models.take().start(3).text("Hel");
    running.cancel();
    running.cancel();
    assertThat(model.isCancelled()).isTrue();
    assertThat(last()).isEqualTo(new AnswerEvent.Cancelled(new Usage(3, 1)));
    assertThat(told).hasSize(3);
    assertThat(concluded.getFirst().outcome()).isInstanceOf(Conclusion.Outcome.Abandoned.class);
    assertThat(under).containsExactly("begun", "finished");
  }

  @Test
  void aCancelAfterTheEndDoesNothing() {
    attach();
    RunningAnswer running = start();
    models.take().start(3).endTurn();
    running.cancel();
    assertThat(last()).isInstanceOf(AnswerEvent.Completed.class);
    assertThat(concluded).hasSize(1);
  }

  @Test
  void aServerThatStopsEndsWhatIsUnderWayWithAnError() {
    attach();
    start();
    FakeGeneration model = models.take().start(3).text("Hel");
    messages.abortAll();
    assertThat(model.isCancelled()).isTrue();
    assertThat(last())
        .isInstanceOfSatisfying(
            AnswerEvent.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo(ErrorCode.OVERLOADED);
              assertThat(failed.usage()).isEqualTo(new Usage(3, 1));
            });
    assertThat(under).containsExactly("begun", "finished");
  }

  @Test
  void anEndThatCannotBeWrittenDownIsAFailure() {
    attach();
    written = false;
    start();
    models.take().start(3).text("Hello").endTurn();
    assertThat(last())
        .isInstanceOfSatisfying(
            AnswerEvent.Failed.class,
            failed -> assertThat(failed.message()).contains("cannot be accounted for"));
  }

  @Test
  void aModelThatFailsIsToldInItsWords() {
    attach();
    start();
    models.take().start(3).fail(ErrorCode.TIMEOUT, "too slow");
    assertThat(last())
        .isEqualTo(
            new AnswerEvent.Failed(
                ErrorCode.TIMEOUT, "too slow", ParleyException.NO_RETRY, new Usage(3, 0)));
  }

  @Test
  void aListenerThatThrowsIsToldTheEndAndItsGenerationStopped() {
    attach();
    AnswerListener broken =
        event -> {
          told.add(event);
          if (event instanceof AnswerEvent.Text) {
            throw new IllegalStateException("cannot take it");
          }
        };
    messages.start(request(Urgency.INTERACTIVE, ""), broken);
    FakeGeneration model = models.take().start(3).text("Hel");
    assertThat(model.isCancelled()).isTrue();
    assertThat(last())
        .isInstanceOfSatisfying(
            AnswerEvent.Failed.class, failed -> assertThat(failed.code()).isEqualTo(ErrorCode.API));
    assertThat(told.stream().filter(AnswerEvent.Ended.class::isInstance)).hasSize(1);
    assertThat(concluded).hasSize(1);
    assertThat(under).containsExactly("begun", "finished");
  }

  @Test
  void withoutAThreadTheAnswerFails() {
    attach();
    start();
    FakeGeneration model = models.take();
    threads.shutdown();
    model.start(3);
    assertThat(last()).isInstanceOf(AnswerEvent.Failed.class);
    assertThat(under).containsExactly("begun", "finished");
  }

  @Test
  void tokensAreCountedAsForClients() {
    attach();
    assertThat(messages.countTokens(request(Urgency.INTERACTIVE, "").body())).isEqualTo(3);
  }

  private record AllowAll() implements OutputGate.Check {
    @Override
    public GateDecision next(String text) {
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

  /** Runs everything at once, until it is shut down. */
  private static final class CallingThread extends AbstractExecutorService {
    private boolean down;

    @Override
    public void execute(Runnable task) {
      if (down) {
        throw new RejectedExecutionException("down");
      }
      task.run();
    }

    @Override
    public void shutdown() {
      down = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
      down = true;
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return down;
    }

    @Override
    public boolean isTerminated() {
      return down;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return down;
    }
  }
}
