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
}
