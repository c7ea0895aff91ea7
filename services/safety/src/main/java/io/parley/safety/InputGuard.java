package io.parley.safety;

import io.parley.ports.model.Prompt;
import io.parley.safety.audit.AuditEntry;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an {@link InputGate} within its budget and fails closed: a gate that throws, is late, or
 * finds no thread to run on, refuses; so does a decision that cannot be audited. The one source of
 * {@link AdmittedPrompt}s. Thread-safe.
 */
public final class InputGuard {
  private static final Logger log = LoggerFactory.getLogger(InputGuard.class);

  /** How long a gate may wait for a thread, in milliseconds: a burst of requests is no gate. */
  private static final long START_BUDGET_MS = 1_000;

  /** How long a decision may take to be written down, in milliseconds: a busy disk is no gate. */
  private static final long AUDIT_BUDGET_MS = 500;

  private final InputGate gate;
  private final GateLimits limits;
  private final ExecutorService threads;
  private final Auditor auditor;

  /**
   * @param threads runs each check on a thread of its own, so that a late one can be left behind
   */
  public InputGuard(InputGate gate, GateLimits limits, ExecutorService threads, Auditor auditor) {
    this.gate = gate;
    this.limits = limits;
    this.threads = threads;
    this.auditor = auditor;
  }

  /**
   * Asks the gate and has its decision written down; blocks for the gate's budget at most, for a
   * second at most until it begins, and for half a second at most for the audit log. Never throws
   * for what the gate does.
   */
  public Admission admit(GateContext context, Prompt prompt) {
    Judged judged = audited(context, judge(context, prompt));
    return switch (judged.decision) {
      case GateDecision.Allow _ -> new Admission.Admitted(new AdmittedPrompt(judged.prompt));
      case GateDecision.Refuse(String category, _) -> {
        Refusals.log(log, context, category);
        yield new Admission.Refused(new Refusal(Refusal.Gate.INPUT, category));
      }
    };
  }

  /** A decision, and the prompt with the edits that it asks for. */
  private record Judged(GateDecision decision, Prompt prompt) {
    static Judged by(GateDecision decision, Prompt prompt) {
      return decision instanceof GateDecision.Allow(_, var edits)
          ? new Judged(decision, PromptEdits.made(prompt, edits))
          : new Judged(decision, prompt);
    }
  }

  private Judged audited(GateContext context, Judged judged) {
    Future<AuditEntry> written =
        auditor.decided(
            context, Refusal.Gate.INPUT, judged.decision.category(), judged.decision.findings());
    try {
      written.get(AUDIT_BUDGET_MS, TimeUnit.MILLISECONDS);
      return judged;
    } catch (TimeoutException | ExecutionException e) {
      return new Judged(Refusals.failed(log, context, e), judged.prompt);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Judged(Refusals.failed(log, context, e), judged.prompt);
    }
  }

  private Judged judge(GateContext context, Prompt prompt) {
    CountDownLatch begun = new CountDownLatch(1);
    try {
      Future<Judged> answer =
          threads.submit(
              () -> {
                begun.countDown();
                return Judged.by(gate.check(context, prompt), prompt);
              });
      return await(begun, answer);
    } catch (TimeoutException e) {
      return new Judged(new GateDecision.Refuse(Refusal.GATE_LATE), prompt);
    } catch (ExecutionException e) {
      return new Judged(Refusals.failed(log, context, e.getCause()), prompt);
    } catch (RejectedExecutionException e) {
      return new Judged(Refusals.failed(log, context, e), prompt);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Judged(Refusals.failed(log, context, e), prompt);
    }
  }

  private Judged await(CountDownLatch begun, Future<Judged> answer)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      if (!begun.await(START_BUDGET_MS, TimeUnit.MILLISECONDS)) {
        throw new TimeoutException();
      }
      return answer.get(limits.inputBudgetMs(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | InterruptedException e) {
      answer.cancel(true);
      throw e;
    }
  }
}
