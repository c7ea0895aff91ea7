/**
 * The arithmetic of a decoder: matrices of weights times rows of activations, attention over one
 * block of the cache, norms and activations. Main type: {@link io.parley.model.kernel.Kernels},
 * with a scalar reference, an implementation by the Vector API, and native code for many rows where
 * there is some. This is the only package that may import {@code jdk.incubator.vector}.
 *
 * <p><b>One order of operations.</b> An {@link io.parley.model.kernel.Arithmetic} has one right
 * result, to the bit: all implementations, storage types, vector lengths and numbers of rows carry
 * out the same rounded operations in the same order, that of {@code SumOrder} in a product; stored
 * weights are widened to F32 without rounding, and rounded from there where the arithmetic says so;
 * sums over a row have {@link io.parley.model.kernel.ScalarKernels#STRIPES} partial sums; the
 * exponential is one polynomial. So results are equal between implementations as between one row
 * alone and the same row in a batch: what a model answers does not depend on who else is asking. In
 * F32 it does not depend on the machine either; which arithmetic a machine is fastest with is its
 * own ({@link io.parley.model.kernel.NativeCode}).
 *
 * <p>One thing is not promised: sums below 2^-126, which the processor's BF16 instruction takes for
 * zero and others do not. No model comes near.
 *
 * <p>Kernels and weights are immutable and shared by threads; arrays passed in belong to the
 * caller. A {@link io.parley.model.kernel.ComputePool} shares one call between threads by cutting
 * its outputs, never a sum, so that their number changes no bit either. Knows nothing of
 * architectures, files or sequences.
 */
@NullMarked
package io.parley.model.kernel;

import org.jspecify.annotations.NullMarked;
