package io.parley.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.ports.model.Prompt;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
  void aLateGateRefusesAndIsInterrupted() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    Admission admission =
        guard(
            (context, prompt) -> {
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
              return GateDecision.ALLOW;
            },
            SHORT);
    assertThat(admission).isEqualTo(refused(Refusal.GATE_LATE));
    interrupted.await();
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

  private Admission guard(InputGate gate, GateLimits limits) {
    return new InputGuard(gate, limits, threads, audit.auditor).admit(CONTEXT, PROMPT);
  }

  private static Admission refused(String category) {
    return new Admission.Refused(new Refusal(Refusal.Gate.INPUT, category));
  }
}
