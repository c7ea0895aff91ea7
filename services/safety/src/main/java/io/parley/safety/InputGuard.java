package io.parley.safety;

import io.parley.ports.model.Prompt;
import io.parley.safety.audit.AuditEntry;
import java.util.Collections;
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
   * Asks the gate and has its decision written down; blocks for the gate's budget at most, and as
   * long again for the audit log. Never throws for what the gate does.
   */
  public Admission admit(GateContext context, Prompt prompt) {
    return switch (audited(context, decide(context, prompt))) {
      case GateDecision.Allow() -> new Admission.Admitted(new AdmittedPrompt(prompt));
      case GateDecision.Refuse(String category) -> {
        Refusals.log(log, context, category);
        yield new Admission.Refused(new Refusal(Refusal.Gate.INPUT, category));
      }
    };
  }

  private GateDecision audited(GateContext context, GateDecision decision) {
    String category = decision instanceof GateDecision.Refuse refuse ? refuse.category() : "";
    Future<AuditEntry> written =
        auditor.decided(context, Refusal.Gate.INPUT, category, Collections.emptySortedMap());
    try {
      written.get(limits.inputBudgetMs(), TimeUnit.MILLISECONDS);
      return decision;
    } catch (TimeoutException | ExecutionException e) {
      return Refusals.failed(log, context, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Refusals.failed(log, context, e);
    }
  }

  private GateDecision decide(GateContext context, Prompt prompt) {
    try {
      Future<GateDecision> answer = threads.submit(() -> gate.check(context, prompt));
      return await(context, answer);
    } catch (RejectedExecutionException e) {
      return Refusals.failed(log, context, e);
    }
  }

  private GateDecision await(GateContext context, Future<GateDecision> answer) {
    try {
      return answer.get(limits.inputBudgetMs(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      return new GateDecision.Refuse(Refusal.GATE_LATE);
    } catch (ExecutionException e) {
      return Refusals.failed(log, context, e.getCause());
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      return Refusals.failed(log, context, e);
    }
  }
}
