package io.parley.model.kernel;

import org.jspecify.annotations.Nullable;

/**
 * How a matrix multiplies.
 *
 * @param nativeProducts what computes many rows; null where vectors do. Computes in BF16
 */
record Multiplication(Arithmetic arithmetic, @Nullable NativeProducts nativeProducts) {
  static final Multiplication F32 = new Multiplication(Arithmetic.F32, null);
}
