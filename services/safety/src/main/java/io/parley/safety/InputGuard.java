package io.parley.safety;

import io.parley.common.ParleyException;
import io.parley.ports.model.Prompt;
import io.parley.safety.audit.AuditEntry;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an {@link InputGate} within its budget and fails closed: a gate that throws refuses; so does
 * a decision that cannot be audited. A gate that is late, or finds no thread to run on, has judged
 * nothing: nothing is generated, and the client is told that the server is busy and not that its
 * prompt is bad. The one source of {@link AdmittedPrompt}s. Thread-safe.
 *
 * <p>A check that says of itself that it is {@link InputGate#brief} runs on the caller's thread,
 * and its decision counts whenever it comes, as in an {@link OutputScreen}.
 */
public final class InputGuard {
  private static final Logger log = LoggerFactory.getLogger(InputGuard.class);

  /** How long a gate may wait for a thread, in milliseconds: a burst of requests is no gate. */
  private static final long START_BUDGET_MS = 1_000;

  /** How long a decision may take to be written down, in milliseconds: a busy disk is no gate. */
  private static final long AUDIT_BUDGET_MS = 500;

  /**
   * How often the caller looks up from its wait within a budget. Whatever stops the machine for
   * longer, such as a collection of garbage, is charged as one such stretch: it stopped the gate
   * too.
   */
  private static final int GLANCES = 10;

  /** When a client may try again whose prompt the gate had no time for. */
  private static final long RETRY_AFTER_MS = 1_000;

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
   * Asks the gate and has its decision written down; blocks for about the gate's budget at most,
   * for a second until it begins, and for half a second for the audit log. Never throws what the
   * gate does.
   *
   * @throws ParleyException OVERLOADED if the gate was late, or the audit log
   */
  public Admission admit(GateContext context, Prompt prompt) {
    Judged judged =
        brief(context, prompt)
            .map(check -> briefly(context, prompt, check))
            .orElseGet(() -> new Check(context, prompt).outcome());
    return switch (judged.decision) {
      case GateDecision.Allow _ -> new Admission.Admitted(new AdmittedPrompt(judged.prompt));
      case GateDecision.Refuse(String category, _) -> {
        Refusals.log(log, context, category);
        if (category.equals(Refusal.GATE_LATE)) {
          throw ParleyException.overloaded(
              "The safety check of the prompt was not done in time", RETRY_AFTER_MS);
        }
        yield new Admission.Refused(new Refusal(Refusal.Gate.INPUT, category));
      }
    };
  }

  /** A gate that cannot even say so is asked the long way, and may fail there. */
  private Optional<Supplier<GateDecision>> brief(GateContext context, Prompt prompt) {
    try {
      return gate.brief(context, prompt);
    } catch (RuntimeException e) {
      log.debug("request {}: a gate cannot tell whether it is brief", context.requestId(), e);
      return Optional.empty();
    }
  }

  /** On the caller's thread, which is where a short prompt is read and judged soonest. */
  private Judged briefly(GateContext context, Prompt prompt, Supplier<GateDecision> check) {
    Judged judged;
    try {
      judged = Judged.by(check.get(), prompt);
    } catch (RuntimeException | StackOverflowError e) {
      judged = failed(context, prompt, e);
    }
    try {
      AuditEntry _ =
          auditor
              .decidedHere(
                  context,
                  Refusal.Gate.INPUT,
                  judged.decision.category(),
                  judged.decision.findings())
              .get(AUDIT_BUDGET_MS, TimeUnit.MILLISECONDS);
      return judged;
    } catch (TimeoutException e) {
      return late(prompt);
    } catch (ExecutionException e) {
      return failed(context, prompt, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed(context, prompt, e);
    }
  }

  private static Judged failed(GateContext context, Prompt prompt, @Nullable Throwable cause) {
    return new Judged(Refusals.failed(log, context, cause), prompt);
  }

  /** Nothing was found against the prompt: there was no time for it, or to write down what was. */
  private static Judged late(Prompt prompt) {
    return new Judged(new GateDecision.Refuse(Refusal.GATE_LATE), prompt);
  }

  /** A decision, and the prompt with the edits that it asks for. */
  private record Judged(GateDecision decision, Prompt prompt) {
    static Judged by(GateDecision decision, Prompt prompt) {
      return decision instanceof GateDecision.Allow(_, var edits)
          ? new Judged(decision, PromptEdits.made(prompt, edits))
          : new Judged(decision, prompt);
    }
  }

  /**
   * One prompt on its way through the gate and into the audit log. Each step has its own budget,
   * and the caller waits once for all of them: every wait of a thread for another costs as much as
   * the gate itself. What is decided first counts, be it by the gate or by the clock.
   */
  private final class Check {
    private final GateContext context;
    private final Prompt prompt;
    private final CompletableFuture<Judged> audited = new CompletableFuture<>();
    private boolean decided; // guarded by this
    private long leftNanos; // of the step under way; guarded by this
    private long glanceNanos; // guarded by this

    Check(GateContext context, Prompt prompt) {
      this.context = context;
      this.prompt = prompt;
      begin(START_BUDGET_MS);
    }

    /** The next step begins, unless the clock has decided meanwhile, and may take so long. */
    private synchronized void begin(long budgetMs) {
      if (!decided) {
        leftNanos = TimeUnit.MILLISECONDS.toNanos(budgetMs);
        glanceNanos = leftNanos / GLANCES;
      }
    }

    private synchronized long glanceNanos() {
      return glanceNanos;
    }

    /** Whether there is more time for this step after another glance. */
    private synchronized boolean isTimeLeft() {
      leftNanos -= glanceNanos;
      return leftNanos > 0;
    }

    private synchronized boolean isDecided() {
      return decided;
    }

    /** Whether nothing was decided before; then the audit log is next. */
    private synchronized boolean isFirst() {
      begin(AUDIT_BUDGET_MS);
      boolean first = !decided;
      decided = true;
      return first;
    }

    Judged outcome() {
      try {
        return await(threads.submit(this::ask));
      } catch (RejectedExecutionException e) {
        decide(failed(e));
        return await(CompletableFuture.completedFuture(null));
      }
    }

    /** On a thread of the gate's own. */
    private void ask() {
      begin(limits.inputBudgetMs());
      try {
        decide(Judged.by(gate.check(context, prompt), prompt));
      } catch (Throwable e) { // an Error must not leave the caller waiting
        if (!isDecided()) {
          decide(failed(e));
        }
      }
    }

    private Judged failed(@Nullable Throwable cause) {
      return InputGuard.failed(context, prompt, cause);
    }

    private void decide(Judged judged) {
      if (isFirst()) {
        GateDecision decision = judged.decision;
        CompletableFuture<?> _ =
            auditor
                .decided(context, Refusal.Gate.INPUT, decision.category(), decision.findings())
                .whenComplete(
                    (entry, failure) ->
                        audited.complete(failure == null ? judged : failed(failure)));
      }
    }

    private Judged await(Future<?> gateThread) {
      while (true) {
        try {
          return audited.get(glanceNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          expire(gateThread);
        } catch (ExecutionException e) {
          return failed(e);
        } catch (InterruptedException e) {
          gateThread.cancel(true);
          Thread.currentThread().interrupt();
          return failed(e);
        }
      }
    }

    /** If the step under way had its time, the clock decides. */
    private void expire(Future<?> gateThread) {
      boolean judged = isDecided(); // before the time that is left: a decision prolongs it
      if (isTimeLeft()) {
        return;
      }
      if (judged) {
        audited.complete(late(prompt));
      } else {
        decide(late(prompt));
        gateThread.cancel(true);
      }
    }
  }
}
