package io.parley.safety.pii;

import io.parley.ports.model.CachePoint;
import io.parley.ports.model.Prompt;
import io.parley.safety.Edit;
import io.parley.safety.GateContext;
import io.parley.safety.GateDecision;
import io.parley.safety.InputGate;
import io.parley.safety.OutputGate;
import io.parley.safety.PiiAction;
import io.parley.safety.PiiKind;
import io.parley.safety.PrivacyPolicies;
import io.parley.safety.PrivacyPolicy;
import io.parley.safety.Refusal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Does with personal data what the organisation wants that answers for the request. Thread-safe.
 */
public final class PiiGate {
  /** Names what is found and what is not; changes with any change of that. */
  public static final String VERSION = "2026.11.1";

  private static final int WARM_UP_ROUNDS = 5_000;
  private static final String HARMLESS = "On 3 May 2024, 1,200 people (see p. 4) paid 9.99 each. ";

  // The first prompt must not be late only because nothing is compiled yet.
  static {
    PiiScan scan = new PiiScan();
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      scan.read(HARMLESS);
    }
  }

  private final PrivacyPolicies policies;
  private final PiiListener listener;

  public PiiGate(PrivacyPolicies policies, PiiListener listener) {
    this.policies = policies;
    this.listener = listener;
  }

  /** Reads the system prompt and every turn, each by itself; blocks for the policy. */
  public InputGate inputGate() {
    return new PromptCheck();
  }

  private final class PromptCheck implements InputGate {
    @Override
    public GateDecision check(GateContext context, Prompt prompt) {
      return PiiGate.this.check(policies.of(context.organisationId()), prompt);
    }

    @Override
    public Optional<Supplier<GateDecision>> brief(GateContext context, Prompt prompt) {
      return InputGate.isBrief(prompt)
          ? policies
              .atHand(context.organisationId())
              .map(policy -> () -> PiiGate.this.check(policy, prompt))
          : Optional.empty();
    }
  }

  /** Reads answers piece by piece; opening blocks for the policy. */
  public OutputGate outputGate() {
    return context -> new AnswerCheck(policies.of(context.organisationId()).answers());
  }

  private static boolean isOff(Map<PiiKind, PiiAction> actions) {
    return actions.values().stream().allMatch(action -> action == PiiAction.OFF);
  }

  private GateDecision check(PrivacyPolicy policy, Prompt prompt) {
    Map<PiiKind, PiiAction> actions = policy.prompts();
    if (isOff(actions)) {
      return GateDecision.ALLOW;
    }
    PiiTally tally = new PiiTally(actions);
    tally.add(CachePoint.IN_SYSTEM, whole(prompt.system()));
    for (int i = 0; i < prompt.turns().size() && !Thread.currentThread().isInterrupted(); i++) {
      tally.add(i, whole(prompt.turns().get(i).text()));
    }
    return told(Refusal.Gate.INPUT, tally.decision());
  }

  private static List<Span> whole(String text) {
    PiiScan scan = new PiiScan();
    List<Span> found = new ArrayList<>(scan.read(text));
    found.addAll(scan.end());
    return found;
  }

  private GateDecision told(Refusal.Gate gate, GateDecision decision) {
    if (!decision.findings().isEmpty()) {
      listener.found(gate, decision.findings());
    }
    return decision;
  }

  /** Reads one answer. */
  private final class AnswerCheck implements OutputGate.Check {
    private final Map<PiiKind, PiiAction> actions;
    private final Set<PiiKind> withheld = EnumSet.noneOf(PiiKind.class);
    private final boolean off;
    private final PiiScan scan = new PiiScan();

    AnswerCheck(Map<PiiKind, PiiAction> actions) {
      this.actions = actions;
      this.off = isOff(actions);
      actions.forEach(
          (kind, action) -> {
            if (action == PiiAction.MASK || action == PiiAction.REFUSE) {
              withheld.add(kind);
            }
          });
    }

    @Override
    public GateDecision next(String text) {
      return off ? GateDecision.ALLOW : judged(scan.read(text));
    }

    @Override
    public GateDecision end() {
      return off ? GateDecision.ALLOW : judged(scan.end());
    }

    private GateDecision judged(List<Span> found) {
      if (found.isEmpty()) {
        return GateDecision.ALLOW;
      }
      PiiTally tally = new PiiTally(actions);
      tally.add(Edit.ANSWER, found);
      return told(Refusal.Gate.OUTPUT, tally.decision());
    }

    @Override
    public int undecidedChars() {
      return off || withheld.isEmpty() ? 0 : scan.undecidedChars(withheld);
    }
  }
}
