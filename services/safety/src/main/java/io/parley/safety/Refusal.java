package io.parley.safety;

/**
 * Why a text did not pass.
 *
 * @param gate which gate refused
 * @param category the gate's own category, or one of the constants here if the gate gave no answer
 */
public record Refusal(Gate gate, String category) {
  /** The gate threw. */
  public static final String GATE_FAILED = "gate_failed";

  /** The gate did not answer within its budget. */
  public static final String GATE_LATE = "gate_late";

  /** Where the text was stopped. */
  public enum Gate {
    INPUT,
    OUTPUT
  }

  /** Whether a gate judged the text, rather than failing to. */
  public boolean judged() {
    return !category.equals(GATE_FAILED) && !category.equals(GATE_LATE);
  }
}
