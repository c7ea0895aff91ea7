package io.parley.safety;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.model.CachePoint;
import io.parley.ports.model.Prompt;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InputGuardTest {
  private final RecordedAudit audit = new RecordedAudit();
  private static final GateContext CONTEXT = new GateContext("req_1", "org_1", "model");
  private static final Prompt PROMPT =
      new Prompt("", List.of(new Prompt.Turn(Prompt.Role.USER, "hello")));
  private static final GateLimits SHORT = new GateLimits(20, 20, 16);
  private static final GateLimits LONG = new GateLimits(60_000, 60_000, 16);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  @Test
  void anAllowedPromptIsAdmittedAsItIs() {
    Admission admission = guard((context, prompt) -> GateDecision.ALLOW, LONG);
    assertThat(admission)
        .isInstanceOfSatisfying(
            Admission.Admitted.class, a -> assertThat(a.prompt().prompt()).isSameAs(PROMPT));
  }

  @Test
  void aRefusedPromptNamesTheCategory() {
    assertThat(guard((context, prompt) -> new GateDecision.Refuse("harm"), LONG))
        .isEqualTo(new Admission.Refused(new Refusal(Refusal.Gate.INPUT, "harm")));
  }

  @Test
  void editsAreMadeBeforeThePromptIsAdmittedAndTheMarkerStaysInPlace() {
    Prompt marked =
        new Prompt(
            "I am Bo.",
            List.of(new Prompt.Turn(Prompt.Role.USER, "Ask Al now, and Cy later")),
            new CachePoint(0, 10));
    List<Edit> edits =
        List.of(
            new Edit(CachePoint.IN_SYSTEM, 5, 7, "[N]"),
            new Edit(0, 4, 6, "[N]"),
            new Edit(0, 16, 18, ""));
    Admission admission =
        new InputGuard(
                (context, prompt) -> new GateDecision.Allow(List.of(), edits),
                LONG,
                threads,
                Auditor.NONE)
            .admit(CONTEXT, marked);
    assertThat(((Admission.Admitted) admission).prompt().prompt())
        .isEqualTo(
            new Prompt(
                "I am [N].",
                List.of(new Prompt.Turn(Prompt.Role.USER, "Ask [N] now, and  later")),
                new CachePoint(0, 11)));
  }

  @Test
  void aMarkerInsideOfAnEditMovesBehindIt() {
    Prompt marked = new Prompt("secret!", PROMPT.turns(), new CachePoint(CachePoint.IN_SYSTEM, 3));
    List<Edit> edits = List.of(new Edit(CachePoint.IN_SYSTEM, 1, 6, "[X]"));
    assertThat(PromptEdits.made(marked, edits))
        .isEqualTo(new Prompt("s[X]!", PROMPT.turns(), new CachePoint(CachePoint.IN_SYSTEM, 4)));
  }

  @Test
  void anEditThatIsOutOfPlaceRefuses() {
    List<Edit> edits = List.of(new Edit(0, 3, 99, ""));
    assertThat(guard((context, prompt) -> new GateDecision.Allow(List.of(), edits), LONG))
        .isEqualTo(refused(Refusal.GATE_FAILED));
  }

  @Test
  void whatIsFoundIsAuditedWithItsCount() {
    List<Finding> findings =
        List.of(
            new Finding(PiiKind.EMAIL, 2, PiiAction.MASK),
            new Finding(PiiKind.CARD, 1, PiiAction.REFUSE));
    guard((context, prompt) -> new GateDecision.Refuse("pii_card", findings), LONG);
    assertThat(audit.decisions())
        .containsExactly("req_1 input model: pii_card by rules 7 {card:refuse=1, email:mask=2}");
  }

  @Test
  void oneOfTwoGatesIsEnoughToRefuse() {
    InputGate allows = (context, prompt) -> GateDecision.ALLOW;
    InputGate refuses = (context, prompt) -> new GateDecision.Refuse("harm");
    Admission harm = refused("harm");
    assertThat(guard(allows.and(refuses), LONG)).isEqualTo(harm);
    assertThat(guard(refuses.and(allows), LONG)).isEqualTo(harm);
    assertThat(guard(allows.and(allows), LONG)).isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void aGateThatThrowsRefuses() {
    Admission admission =
        guard(
            (context, prompt) -> {
              throw new IllegalStateException("broken");
            },
            LONG);
    assertThat(admission).isEqualTo(refused(Refusal.GATE_FAILED));
  }

  @Test
  void aLateGateAdmitsNothingSaysThatTheServerIsBusyAndIsInterrupted() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    InputGate late =
        (context, prompt) -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
          return GateDecision.ALLOW;
        };
    assertThatThrownBy(() -> guard(late, SHORT))
        .isInstanceOfSatisfying(
            ParleyException.class,
            busy -> {
              assertThat(busy.code()).isEqualTo(ErrorCode.OVERLOADED);
              assertThat(busy.retryAfterMs()).isPositive();
            });
    interrupted.await();
    assertThat(audit.decisions()).containsExactly("req_1 input model: gate_late by rules 7");
  }

  @Test
  void aGateWithoutAThreadRefuses() {
    threads.shutdown();
    assertThat(guard((context, prompt) -> GateDecision.ALLOW, LONG))
        .isEqualTo(refused(Refusal.GATE_FAILED));
  }

  @Test
  void everyDecisionIsAudited() {
    guard((context, prompt) -> GateDecision.ALLOW, LONG);
    guard((context, prompt) -> new GateDecision.Refuse("weapons"), LONG);
    assertThat(audit.decisions())
        .containsExactly("req_1 input model:  by rules 7", "req_1 input model: weapons by rules 7");
  }

  @Test
  void whatCannotBeAuditedIsRefused() {
    audit.broken = true;
    assertThat(guard((context, prompt) -> GateDecision.ALLOW, LONG))
        .isEqualTo(refused(Refusal.GATE_FAILED));
  }

  @Test
  void whatCannotBeAuditedInTimeIsAServerThatIsBusy() {
    audit.silent = true;
    InputGate lengthy = (context, prompt) -> GateDecision.ALLOW;
    for (InputGate gate : List.of(lengthy, brief(() -> GateDecision.ALLOW))) {
      assertThatThrownBy(() -> guard(gate, LONG))
          .isInstanceOfSatisfying(
              ParleyException.class,
              busy -> assertThat(busy.code()).isEqualTo(ErrorCode.OVERLOADED));
    }
  }

  @Test
  void aBriefCheckRunsOnTheCallersThreadAndIsAudited() {
    threads.shutdown();
    AtomicReference<Thread> ran = new AtomicReference<>();
    InputGate brief =
        brief(
            () -> {
              ran.set(Thread.currentThread());
              return new GateDecision.Refuse("harm");
            });
    assertThat(guard(brief, LONG)).isEqualTo(refused("harm"));
    assertThat(ran).hasValue(Thread.currentThread());
    assertThat(audit.decisions()).containsExactly("req_1 input model: harm by rules 7");
  }

  @Test
  void aBriefCheckThatThrowsRefuses() {
    InputGate broken =
        brief(
            () -> {
              throw new IllegalStateException("broken");
            });
    assertThat(guard(broken, LONG)).isEqualTo(refused(Refusal.GATE_FAILED));
  }

  @Test
  void aBriefDecisionThatCannotBeAuditedIsRefused() {
    audit.broken = true;
    assertThat(guard(brief(() -> GateDecision.ALLOW), LONG))
        .isEqualTo(refused(Refusal.GATE_FAILED));
  }

  @Test
  void twoGatesAreBriefIfBothAre() {
    InputGate brief = brief(() -> GateDecision.ALLOW);
    InputGate lengthy = (context, prompt) -> new GateDecision.Refuse("harm");
    assertThat(brief.and(brief).brief(CONTEXT, PROMPT)).isPresent();
    assertThat(brief.and(lengthy).brief(CONTEXT, PROMPT)).isEmpty();
    assertThat(guard(brief.and(lengthy), LONG)).isEqualTo(refused("harm"));
  }

  @Test
  void aGateThatCannotTellWhetherItIsBriefIsAskedTheLongWay() {
    InputGate gate =
        new InputGate() {
          @Override
          public GateDecision check(GateContext context, Prompt prompt) {
            return new GateDecision.Refuse("harm");
          }

          @Override
          public Optional<Supplier<GateDecision>> brief(GateContext context, Prompt prompt) {
            throw new IllegalStateException("no policy");
          }
        };
    assertThat(guard(gate, LONG)).isEqualTo(refused("harm"));
  }

  @Test
  void aPromptIsBriefUpToItsLimitInAll() {
    String half = "x".repeat(InputGate.BRIEF_CHARS / 2);
    Prompt.Turn turn = new Prompt.Turn(Prompt.Role.USER, half);
    assertThat(InputGate.isBrief(new Prompt(half, List.of(turn)))).isTrue();
    assertThat(InputGate.isBrief(new Prompt(half + "x", List.of(turn)))).isFalse();
  }

  private static InputGate brief(Supplier<GateDecision> decision) {
    return new InputGate() {
      @Override
      public GateDecision check(GateContext context, Prompt prompt) {
        return decision.get();
      }

      @Override
      public Optional<Supplier<GateDecision>> brief(GateContext context, Prompt prompt) {
        return Optional.of(decision);
      }
    };
  }

  private Admission guard(InputGate gate, GateLimits limits) {
    return new InputGuard(gate, limits, threads, audit.auditor).admit(CONTEXT, PROMPT);
  }

  private static Admission refused(String category) {
    return new Admission.Refused(new Refusal(Refusal.Gate.INPUT, category));
  }
}
