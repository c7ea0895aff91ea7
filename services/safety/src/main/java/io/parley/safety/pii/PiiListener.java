package io.parley.safety.pii;

import io.parley.safety.Finding;
import io.parley.safety.Refusal;
import java.util.List;

/** Is told what was found, without the data. Thread-safe; must not block or throw. */
@FunctionalInterface
public interface PiiListener {
  /** Counts nothing. */
  PiiListener NONE = (gate, findings) -> {};

  /** A gate found this, each once. */
  void found(Refusal.Gate gate, List<Finding> findings);
}
