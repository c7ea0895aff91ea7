/**
 * Arrays of numbers as model files store them. Main type: {@link io.parley.model.tensor.Tensor}, a
 * named, typed view of bytes that belong to someone else, usually a file, of which a band is mapped
 * into memory when somebody reads it.
 *
 * <p>Everything here is immutable and safe to share between threads. It knows nothing of file
 * formats, kernels or architectures.
 */
@NullMarked
package io.parley.model.tensor;

import org.jspecify.annotations.NullMarked;
