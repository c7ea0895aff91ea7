package io.parley.safety;

import io.parley.ports.model.Prompt;
import java.util.List;
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
 * finds no thread to run on, refuses. The one source of {@link AdmittedPrompt}s. Thread-safe.
 */
public final class InputGuard {
  private static final Logger log = LoggerFactory.getLogger(InputGuard.class);

  private final InputGate gate;
  private final GateLimits limits;
  private final ExecutorService threads;

  /**
   * @param threads runs each check on a thread of its own, so that a late one can be left behind
   */
  public InputGuard(InputGate gate, GateLimits limits, ExecutorService threads) {
    this.gate = gate;
    this.limits = limits;
    this.threads = threads;
  }

  /** Asks the gate; blocks for its budget at most. Never throws for what the gate does. */
  public Admission admit(GateContext context, Prompt prompt) {
    GateDecision decision = decide(context, prompt);
    return switch (decision) {
      case GateDecision.Allow(_, var edits) -> admitted(context, prompt, edits);
      case GateDecision.Refuse(String category, _) -> refused(context, category);
    };
  }

  private static Admission admitted(GateContext context, Prompt prompt, List<Edit> edits) {
    try {
      return new Admission.Admitted(new AdmittedPrompt(PromptEdits.made(prompt, edits)));
    } catch (IllegalArgumentException e) {
      Refusals.failed(log, context, e);
      return refused(context, Refusal.GATE_FAILED);
    }
  }

  private static Admission refused(GateContext context, String category) {
    Refusals.log(log, context, category);
    return new Admission.Refused(new Refusal(Refusal.Gate.INPUT, category));
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
