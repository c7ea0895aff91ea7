package io.parley.safety.rules;

import io.parley.ports.model.Prompt;
import io.parley.safety.GateContext;
import io.parley.safety.GateDecision;
import io.parley.safety.InputGate;
import io.parley.safety.OutputGate;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Which rules each model is served with. Immutable and thread-safe. */
public final class ModelRules {
  private final RuleSet others;
  private final Map<String, RuleSet> pinned;

  /**
   * Pins rules to models.
   *
   * @param others for every model that has none of its own
   * @param pinned by the id of the model
   */
  public ModelRules(RuleSet others, Map<String, RuleSet> pinned) {
    this.others = others;
    this.pinned = Map.copyOf(pinned);
  }

  /** The rules of a model. */
  public RuleSet of(String modelId) {
    return pinned.getOrDefault(modelId, others);
  }

  /** Reads each prompt by the rules of the model that it is for. */
  public InputGate inputGate() {
    return new PromptCheck();
  }

  private final class PromptCheck implements InputGate {
    @Override
    public GateDecision check(GateContext context, Prompt prompt) {
      return of(context.modelId()).inputGate().check(context, prompt);
    }

    @Override
    public Optional<Supplier<GateDecision>> brief(GateContext context, Prompt prompt) {
      return of(context.modelId()).inputGate().brief(context, prompt);
    }
  }

  /** Reads each answer by the rules of the model that writes it. */
  public OutputGate outputGate() {
    return context -> of(context.modelId()).outputGate().open(context);
  }
}
