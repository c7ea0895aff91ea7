package io.parley.training.llama;

/** Number format of the linear maps' operands; everything else is always f32. */
public enum Precision {
  BF16,
  F32
}
