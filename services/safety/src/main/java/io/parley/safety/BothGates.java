package io.parley.safety;

import io.parley.ports.model.Prompt;
import java.util.Optional;
import java.util.function.Supplier;

/** Two gates, of which the second is asked if the first lets the prompt pass. */
record BothGates(InputGate first, InputGate second) implements InputGate {
  @Override
  public GateDecision check(GateContext context, Prompt prompt) {
    return inTurn(() -> first.check(context, prompt), () -> second.check(context, prompt));
  }

  @Override
  public Optional<Supplier<GateDecision>> brief(GateContext context, Prompt prompt) {
    return first
        .brief(context, prompt)
        .flatMap(one -> second.brief(context, prompt).map(other -> () -> inTurn(one, other)));
  }

  private static GateDecision inTurn(Supplier<GateDecision> one, Supplier<GateDecision> other) {
    GateDecision decision = one.get();
    return decision instanceof GateDecision.Refuse
        ? decision
        : GateDecision.both(decision, other.get());
  }
}
