package io.parley.model.decoder;

/** Which two dimensions of a head turn together. */
public enum RotaryLayout {
  /** 2i and 2i + 1, as in the paper; what {@code llama} files hold. */
  INTERLEAVED,
  /** i and i + half of the rotated dimensions, as in GPT-NeoX. */
  HALVES
}
