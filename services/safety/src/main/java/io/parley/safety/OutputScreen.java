package io.parley.safety;

import io.parley.common.TimeSource;
import io.parley.safety.audit.AuditEntry;
import java.util.ArrayDeque;
import java.util.Collections;
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
 * answer's end flushes it at once, so a short answer does not wait. Pieces are never split: a piece
 * of several tokens is released when its last token is old enough.
 */
public final class OutputScreen {
  private static final Logger log = LoggerFactory.getLogger(OutputScreen.class);
  private static final ReleasedText NOTHING = new ReleasedText("");

  private final GateContext context;
  private final OutputGate.Check check;
  private final TimeSource time;
  private final Auditor auditor;
  private final int lookAheadTokens;
  private final long budgetNanos;
  private final ArrayDeque<Held> held = new ArrayDeque<>();
  private int heldChars;
  private int undecidedChars;
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
    held.add(new Held(text, outputTokens));
    heldChars += text.length();
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
    return auditor.decided(context, Refusal.Gate.OUTPUT, category, Collections.emptySortedMap());
  }

  private Screening halt() {
    held.clear();
    heldChars = 0;
    return new Screening.Halted(Objects.requireNonNull(refusal));
  }

  private boolean refused(Supplier<GateDecision> question) {
    if (refusal == null && ask(question) instanceof GateDecision.Refuse(String category)) {
      Refusals.log(log, context, category);
      refusal = new Refusal(Refusal.Gate.OUTPUT, category);
    }
    return refusal != null;
  }

  private GateDecision ask(Supplier<GateDecision> question) {
    long start = time.nanoTime();
    GateDecision decision;
    try {
      decision = question.get();
    } catch (RuntimeException e) {
      return Refusals.failed(log, context, e);
    }
    boolean late = time.nanoTime() - start > budgetNanos;
    return late && decision instanceof GateDecision.Allow
        ? new GateDecision.Refuse(Refusal.GATE_LATE)
        : decision;
  }

  /** Everything up to that token, but nothing of the last undecided characters. */
  private ReleasedText release(int lastToken) {
    if (held.isEmpty() || !free(held.element(), lastToken)) {
      return NOTHING;
    }
    StringBuilder text = new StringBuilder();
    while (!held.isEmpty() && free(held.element(), lastToken)) {
      Held piece = held.remove();
      heldChars -= piece.text().length();
      text.append(piece.text());
    }
    return new ReleasedText(text.toString());
  }

  private boolean free(Held piece, int lastToken) {
    return piece.lastToken() <= lastToken && heldChars - piece.text().length() >= undecidedChars;
  }

  /** A piece that waits, and the number of the last token in it. */
  private record Held(String text, int lastToken) {}
}
