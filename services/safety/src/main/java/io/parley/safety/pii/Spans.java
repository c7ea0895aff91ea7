package io.parley.safety.pii;

import io.parley.safety.PiiKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Decides between findings that overlap: a secret counts before everything else; of others the one
 * that begins first, of those the longest. A finding counts as soon as nothing that overlaps it or
 * comes before it can be found any more; a secret may still grow then. So what counts, and in which
 * order, does not depend on how the text was cut.
 */
final class Spans {
  private static final Comparator<Span> ORDER =
      Comparator.comparingInt(Span::start).thenComparing(Span::end, Comparator.reverseOrder());

  private final List<Span> waiting = new ArrayList<>();
  private final ArrayDeque<Secret> waitingSecrets = new ArrayDeque<>();
  private final List<Span> ready = new ArrayList<>();
  private Secret newest = new Secret(0, 0);
  private Secret decided = newest;
  private int decidedTo;

  /** A secret, which may grow. */
  private static final class Secret {
    private final int start;
    private int end;
    private int reportedTo;

    Secret(int start, int end) {
      this.start = start;
      this.end = end;
    }
  }

  /** A scanner found something; a secret by {@link #secret} instead. */
  void found(PiiKind kind, int start, int end) {
    waiting.add(new Span(kind, start, end));
    waiting.sort(ORDER);
  }

  /** A secret was found that may go on. */
  void secret(int start, int end) {
    newest = new Secret(start, end);
    waitingSecrets.add(newest);
  }

  /** The secret that was found last goes on. */
  void secretGoesOnTo(int end) {
    newest.end = end;
  }

  boolean isWaiting() {
    return !waiting.isEmpty() || !waitingSecrets.isEmpty();
  }

  /**
   * Decides what can be decided.
   *
   * @param others nothing but a secret can be found any more that begins before this
   * @param secrets no secret can be found any more that begins before this
   */
  void settle(int others, int secrets) {
    boolean goesOn = true;
    while (goesOn && isWaiting()) {
      goesOn = isSecretFirst() ? settleSecret(others) : settleFirst(Math.min(others, secrets));
    }
  }

  private boolean isSecretFirst() {
    return !waitingSecrets.isEmpty()
        && (waiting.isEmpty() || waitingSecrets.element().start <= waiting.getFirst().start());
  }

  private boolean settleSecret(int settled) {
    if (settled < waitingSecrets.element().start) {
      return false;
    }
    reportGrowth();
    decided = waitingSecrets.remove();
    ready.add(new Span(PiiKind.SECRET, decided.start, decided.end));
    decided.reportedTo = decided.end;
    return true;
  }

  private boolean settleFirst(int settled) {
    Span first = waiting.getFirst();
    boolean overlaps = first.start() < decidedTo || overlapsSecret(first);
    if (!overlaps && first.end() > settled) {
      return false;
    }
    waiting.removeFirst();
    if (!overlaps) {
      reportGrowth();
      decidedTo = first.end();
      ready.add(first);
    }
    return true;
  }

  private boolean overlapsSecret(Span span) {
    return span.start() < decided.end
        || (!waitingSecrets.isEmpty() && waitingSecrets.element().start < span.end());
  }

  /**
   * Where the first undecided finding of such a kind begins, {@code otherwise} if there is none.
   */
  int waitingFrom(Set<PiiKind> kinds, int otherwise) {
    int from = otherwise;
    if (kinds.contains(PiiKind.SECRET) && !waitingSecrets.isEmpty()) {
      from = Math.min(from, waitingSecrets.element().start);
    }
    for (Span span : waiting) {
      if (kinds.contains(span.kind())) {
        from = Math.min(from, span.start());
      }
    }
    return from;
  }

  /** What was decided since the last call, in the order of the text. */
  List<Span> take() {
    reportGrowth();
    if (ready.isEmpty()) {
      return List.of();
    }
    List<Span> taken = List.copyOf(ready);
    ready.clear();
    return taken;
  }

  private void reportGrowth() {
    if (decided.end > decided.reportedTo) {
      ready.add(new Span(PiiKind.SECRET, decided.reportedTo, decided.end, true));
      decided.reportedTo = decided.end;
    }
  }
}
