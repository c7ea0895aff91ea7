package io.parley.model.decoder;

/** What the feed-forward part gates its inner values with. */
public enum Activation {
  /** SiLU of the gate. */
  SWIGLU,
  /** GELU of the gate, in its tanh form. */
  GEGLU
}
