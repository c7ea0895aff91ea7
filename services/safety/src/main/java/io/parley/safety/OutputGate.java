package io.parley.safety;

/**
 * Reads answers while they are written. Thread-safe; each {@link Check} belongs to one answer.
 *
 * <p>It runs inside an {@link OutputGuard}, and its checks on the thread that writes to clients: a
 * check must not block. Running over its budget counts as a refusal, and so does anything that it
 * throws.
 */
@FunctionalInterface
public interface OutputGate {
  /** Begins to read one answer; may block. */
  Check open(GateContext context);

  /** Asks both gates about every piece. */
  default OutputGate and(OutputGate other) {
    return context -> new BothChecks(open(context), other.open(context));
  }

  /**
   * Reads one answer piece by piece. It keeps what context it needs itself, in bounded memory, so
   * that the work for a whole answer grows with its length only.
   */
  interface Check {
    /** Judges the answer so far, of which {@code text} is the newest piece. */
    GateDecision next(String text);

    /** Judges the whole answer, which has come to its end. */
    GateDecision end();

    /**
     * How many characters at the end of the answer so far may yet turn out to be the beginning of
     * something refused, or to need an edit; 0 if none. They are held back even when they are older
     * than the look-ahead window. Bounded by the gate.
     */
    int undecidedChars();
  }
}
