/**
 * The arithmetic of a decoder: matrices of weights times rows of activations, attention over one
 * block of the cache, norms and activations. Main type: {@link io.parley.model.kernel.Kernels},
 * with a scalar reference and an implementation by the Vector API. This is the only package that
 * may import {@code jdk.incubator.vector}.
 *
 * <p><b>One order of operations.</b> Both implementations, every storage type, every vector length
 * and every number of rows carry out the same rounded operations in the same order for each result:
 * a matrix product is one chain of fused multiply-adds from the first column to the last; stored
 * weights are widened to F32 without rounding; sums over a row have {@link
 * io.parley.model.kernel.ScalarKernels#STRIPES} partial sums; the exponential is one polynomial. So
 * results are equal bit for bit, between implementations as between one row alone and the same row
 * in a batch: what a model answers depends neither on the machine nor on who else is asking.
 *
 * <p>Kernels and weights are immutable and shared by threads; arrays passed in belong to the
 * caller. A {@link io.parley.model.kernel.ComputePool} shares one call between threads by cutting
 * its outputs, never a sum, so that their number changes no bit either. Knows nothing of
 * architectures, files or sequences.
 */
@NullMarked
package io.parley.model.kernel;

import org.jspecify.annotations.NullMarked;
