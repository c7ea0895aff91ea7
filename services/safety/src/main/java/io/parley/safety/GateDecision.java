package io.parley.safety;

import java.util.ArrayList;
import java.util.List;

/** What a gate says about a text. */
public sealed interface GateDecision {
  /** The text may pass as it is, and nothing was found. */
  GateDecision ALLOW = new Allow(List.of(), List.of());

  /** Personal data that was found, each once: in an answer what the last piece revealed. */
  List<Finding> findings();

  /** Why the text may not pass; empty if it may. */
  String category();

  /** What two gates say together: a refusal if one of them refuses. */
  static GateDecision both(GateDecision one, GateDecision other) {
    return one instanceof Allow allow && other instanceof Allow alsoAllow
        ? allow.and(alsoAllow)
        : one instanceof Refuse ? one : other;
  }

  /**
   * The text may pass.
   *
   * @param edits changes without which it may not, in order and apart from each other in each part
   */
  record Allow(List<Finding> findings, List<Edit> edits) implements GateDecision {
    public Allow {
      findings = List.copyOf(findings);
      edits = List.copyOf(edits);
    }

    @Override
    public String category() {
      return "";
    }

    private Allow and(Allow other) {
      if (other.findings.isEmpty() && other.edits.isEmpty()) {
        return this;
      }
      return new Allow(joined(findings, other.findings), joined(edits, other.edits));
    }

    private static <T> List<T> joined(List<T> some, List<T> more) {
      List<T> all = new ArrayList<>(some);
      all.addAll(more);
      return all;
    }
  }

  /**
   * The text may not pass.
   *
   * @param category a stable name for the kind of harm, in lower case with underscores
   */
  record Refuse(String category, List<Finding> findings) implements GateDecision {
    public Refuse {
      findings = List.copyOf(findings);
    }

    /** A refusal for something that is no personal data. */
    public Refuse(String category) {
      this(category, List.of());
    }
  }
}
