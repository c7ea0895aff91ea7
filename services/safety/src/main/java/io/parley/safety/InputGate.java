package io.parley.safety;

import io.parley.ports.model.Prompt;

/**
 * Reads a prompt before a model does. Thread-safe.
 *
 * <p>It runs inside an {@link InputGuard}: it may block, but is interrupted and counts as a refusal
 * when its budget is over, and so does anything that it throws.
 */
@FunctionalInterface
public interface InputGate {
  GateDecision check(GateContext context, Prompt prompt);

  /** Asks this gate, and the other one if this one lets the prompt pass. */
  default InputGate and(InputGate other) {
    return (context, prompt) -> {
      GateDecision first = check(context, prompt);
      return first instanceof GateDecision.Refuse
          ? first
          : GateDecision.both(first, other.check(context, prompt));
    };
  }
}
