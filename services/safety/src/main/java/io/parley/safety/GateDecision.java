package io.parley.safety;

/** What a gate says about a text. */
public sealed interface GateDecision {
  /** The one {@link Allow}. */
  GateDecision ALLOW = new Allow();

  /** The text may pass. */
  record Allow() implements GateDecision {}

  /**
   * The text may not pass.
   *
   * @param category a stable name for the kind of harm, in lower case with underscores
   */
  record Refuse(String category) implements GateDecision {}
}
