package io.parley.training.corpus;

/** Who speaks. */
public enum Role {
  USER,
  ASSISTANT
}
