package io.parley.safety.pii;

import io.parley.safety.Edit;
import io.parley.safety.Finding;
import io.parley.safety.GateDecision;
import io.parley.safety.PiiAction;
import io.parley.safety.PiiKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a policy makes of the spans that a scan found. Belongs to one thread. */
final class PiiTally {
  private final Map<PiiKind, PiiAction> actions;
  private final Map<PiiKind, Integer> counts = new EnumMap<>(PiiKind.class);
  private final List<Edit> edits = new ArrayList<>();
  private @Nullable PiiKind refused;

  PiiTally(Map<PiiKind, PiiAction> actions) {
    this.actions = actions;
  }

  void add(int part, List<Span> spans) {
    for (Span span : spans) {
      PiiAction action = Objects.requireNonNull(actions.get(span.kind()));
      if (action != PiiAction.OFF && !span.continued()) {
        counts.merge(span.kind(), 1, Integer::sum);
      }
      if (action == PiiAction.REFUSE && refused == null) {
        refused = span.kind();
      }
      if (action == PiiAction.MASK) {
        String with = span.continued() ? "" : span.kind().mask();
        edits.add(new Edit(part, span.start(), span.end(), with));
      }
    }
  }

  GateDecision decision() {
    if (counts.isEmpty() && edits.isEmpty()) {
      return GateDecision.ALLOW;
    }
    List<Finding> findings = new ArrayList<>();
    counts.forEach(
        (kind, count) ->
            findings.add(new Finding(kind, count, Objects.requireNonNull(actions.get(kind)))));
    return refused == null
        ? new GateDecision.Allow(findings, edits)
        : new GateDecision.Refuse(refused.category(), findings);
  }
}
