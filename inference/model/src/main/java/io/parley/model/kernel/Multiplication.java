package io.parley.model.kernel;

import org.jspecify.annotations.Nullable;

/**
 * How a matrix multiplies.
 *
 * @param nativeCode what may compute many rows, in BF16; null where vectors compute all
 */
record Multiplication(Arithmetic arithmetic, @Nullable NativeLibrary nativeCode) {
  static final Multiplication F32 = new Multiplication(Arithmetic.F32, null);
}
