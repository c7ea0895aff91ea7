package io.parley.safety;

import io.parley.common.TimeSource;
import io.parley.safety.audit.AuditEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Screens one answer: asks the gate about each piece and releases text only when it is older than
 * the look-ahead window and no part of something undecided. Belongs to one thread at a time.
 *
 * <p>The window is counted in tokens. It delays text by as many tokens of generation, from the
 * first one on, so a refusal also withholds the last tokens before the one that gave it away; the
 * answer's end flushes it at once, so a short answer does not wait. A piece of several tokens is
 * old enough when its last token is. What is undecided is counted in characters, and only these are
 * held back beyond the window. The gate's edits are made here, when text is released.
 */
public final class OutputScreen {
  private static final Logger log = LoggerFactory.getLogger(OutputScreen.class);
  private static final ReleasedText NOTHING = new ReleasedText("");

  /**
   * Late decisions after which an answer is halted. A gate is not the only thing that takes time: a
   * collection of garbage or a busy machine stops it in the middle. One decision that comes late
   * was made all the same, and counts; a gate that goes on like this holds up every other answer.
   */
  private static final int LATE_IN_A_ROW = 2;

  private final GateContext context;
  private final OutputGate.Check check;
  private final TimeSource time;
  private final Auditor auditor;
  private final int lookAheadTokens;
  private final long budgetNanos;
  private final HeldText held = new HeldText();
  private List<Finding> findings = List.of();
  private int undecidedChars;
  private int lateInARow;
  private @Nullable Refusal refusal;

  OutputScreen(
      GateContext context,
      OutputGate.Check check,
      GateLimits limits,
      TimeSource time,
      Auditor auditor) {
    this.context = context;
    this.check = check;
    this.time = time;
    this.auditor = auditor;
    this.lookAheadTokens = limits.lookAheadTokens();
    this.budgetNanos = TimeUnit.MILLISECONDS.toNanos(limits.outputBudgetMs());
  }

  /**
   * Takes the next piece of the answer. After a {@link Screening.Halted} every further call gives
   * the same.
   *
   * @param outputTokens tokens generated so far, those of this piece included
   */
  public Screening accept(String text, int outputTokens) {
    held.add(text, outputTokens);
    if (refused(() -> next(text))) {
      return halt();
    }
    return new Screening.Released(release(outputTokens - lookAheadTokens));
  }

  private GateDecision next(String text) {
    GateDecision decision = check.next(text);
    undecidedChars = check.undecidedChars();
    return decision;
  }

  /** Takes the end of the answer and releases what is left of it. */
  public Screening finish() {
    if (refused(check::end)) {
      return halt();
    }
    undecidedChars = 0;
    return new Screening.Released(release(Integer.MAX_VALUE));
  }

  /**
   * Has what was decided of the answer written into the audit log; called once, when no more of it
   * will come.
   *
   * @return see {@link io.parley.safety.audit.AuditLog#append}
   */
  public CompletableFuture<AuditEntry> audited() {
    String category = refusal == null ? "" : refusal.category();
    return auditor.decided(context, Refusal.Gate.OUTPUT, category, findings);
  }

  private Screening halt() {
    held.clear();
    return new Screening.Halted(Objects.requireNonNull(refusal));
  }

  private boolean refused(Supplier<GateDecision> question) {
    if (refusal == null) {
      GateDecision decision = edited(ask(question));
      found(decision.findings());
      if (decision instanceof GateDecision.Refuse(String category, _)) {
        Refusals.log(log, context, category);
        refusal = new Refusal(Refusal.Gate.OUTPUT, category);
      }
    }
    return refusal != null;
  }

  /** An edit that comes too late leaves the answer in a state that nobody has judged. */
  private GateDecision edited(GateDecision decision) {
    if (decision instanceof GateDecision.Allow(_, var edits)) {
      try {
        held.edit(edits);
      } catch (IllegalArgumentException e) {
        return Refusals.failed(log, context, e);
      }
    }
    return decision;
  }

  private GateDecision ask(Supplier<GateDecision> question) {
    long start = time.nanoTime();
    GateDecision decision;
    try {
      decision = question.get();
    } catch (RuntimeException e) {
      return Refusals.failed(log, context, e);
    }
    lateInARow = time.nanoTime() - start > budgetNanos ? lateInARow + 1 : 0;
    return lateInARow >= LATE_IN_A_ROW && decision instanceof GateDecision.Allow
        ? new GateDecision.Refuse(Refusal.GATE_LATE)
        : decision;
  }

  /** What was found so far, one for each kind and action. */
  public List<Finding> findings() {
    return findings;
  }

  private void found(List<Finding> more) {
    if (!more.isEmpty()) {
      List<Finding> all = new ArrayList<>(findings);
      all.addAll(more);
      findings = Finding.sum(all);
    }
  }

  private ReleasedText release(int lastToken) {
    String text = held.release(lastToken, undecidedChars);
    return text.isEmpty() ? NOTHING : new ReleasedText(text);
  }
}
