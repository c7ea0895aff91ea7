package io.parley.safety;

import io.parley.ports.model.Prompt;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads a prompt before a model does. Thread-safe.
 *
 * <p>It runs inside an {@link InputGuard}: it may block, but is interrupted and counts as a refusal
 * when its budget is over, and so does anything that it throws.
 */
@FunctionalInterface
public interface InputGate {
  /** A prompt of so many characters at most is read in a hundredth of what a gate may take. */
  int BRIEF_CHARS = 8_192;

  GateDecision check(GateContext context, Prompt prompt);

  /**
   * The check of this prompt, if it takes well under a millisecond and waits for nothing: the guard
   * then has no need of another thread to run it on, and no need to leave it behind. Empty if that
   * is not so, or not known.
   */
  default Optional<Supplier<GateDecision>> brief(GateContext context, Prompt prompt) {
    return Optional.empty();
  }

  /** Asks this gate, and the other one if this one lets the prompt pass. */
  default InputGate and(InputGate other) {
    return new BothGates(this, other);
  }

  /** Whether a prompt is short enough for {@link #brief}. */
  static boolean isBrief(Prompt prompt) {
    long chars = prompt.system().length();
    for (Prompt.Turn turn : prompt.turns()) {
      chars += turn.text().length();
    }
    return chars <= BRIEF_CHARS;
  }
}
