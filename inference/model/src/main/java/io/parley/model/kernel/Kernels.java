package io.parley.model.kernel;

import io.parley.model.kernel.onednn.NativeCodeException;
import io.parley.model.tensor.Tensor;
import io.parley.model.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A family of kernels that fit each other. Immutable and thread-safe. */
public interface Kernels {
  /**
   * Repacks a tensor of two dimensions; its bytes are not needed afterwards.
   *
   * @throws IllegalArgumentException that names the tensor if it has another number of dimensions,
   *     is too large for this implementation, or holds a value that is not finite
   */
  WeightMatrix matrix(Tensor tensor);

  /**
   * Repacks tensors that stay and go together, such as those of a layer, each as {@link #matrix}
   * does it. Together they may take less memory than one by one.
   *
   * @return their matrices, in the same order
   */
  default List<WeightMatrix> matrices(List<Tensor> tensors) {
    return tensors.stream().map(this::matrix).toList();
  }

  /**
   * The attention kernel for heads of {@code headSize} over blocks of {@code blockTokens}.
   *
   * @param scale of the scores, usually 1 / √headSize
   */
  AttentionKernel attention(int headSize, int blockTokens, float scale);

  /**
   * Widens {@code count} finite binary16 numbers, little-endian, from byte {@code offset} on, to
   * {@code out[at...]}.
   */
  void widenHalves(MemorySegment halves, long offset, float[] out, int at, int count);

  /**
   * Root mean square norm (Zhang and Sennrich 2019, arXiv:1910.07467): {@code out[i] = x[i] /
   * √(mean of x² + epsilon) × weight[i]} for as many {@code i} as there are weights.
   *
   * @param out may be {@code x}
   */
  void rmsNorm(float[] x, int at, float[] weight, float epsilon, float[] out, int outAt);

  /**
   * The gated activation of SwiGLU (Shazeer 2020, arXiv:2002.05202): {@code gate[i] = gate[i] / (1
   * + exp(-gate[i])) × up[i]} for {@code count} elements from {@code at} on.
   */
  void swiGlu(float[] gate, float[] up, int at, int count);

  /**
   * The gated activation of GeGLU (Shazeer 2020, arXiv:2002.05202) with GELU in its tanh form
   * (Hendrycks and Gimpel 2016, arXiv:1606.08415): {@code gate[i] = gelu(gate[i]) × up[i]} for
   * {@code count} elements from {@code at} on.
   */
  void geGlu(float[] gate, float[] up, int at, int count);

  /**
   * Bounds numbers smoothly to (-cap, cap): {@code x[i] = cap × tanh(x[i] / cap)} for {@code count}
   * elements from {@code at} on, with an absolute error of at most 2^-22 × cap.
   */
  void softCap(float[] x, int at, int count, float cap);

  /**
   * Runs these kernels on small empty matrices until the just-in-time compiler has seen enough of
   * them, so that the first real request is not slow. Takes a second or two, whatever the size of
   * the model.
   *
   * @param types of weights that will be multiplied
   */
  default void warmUp(Set<TensorType> types, int headSize, int blockTokens) {
    new WarmUp(this).run(types, headSize, blockTokens);
  }

  /** The plain reference. */
  static Kernels scalar() {
    return new ScalarKernels();
  }

  /** What these are, for people. Waits for native code that is being loaded. */
  String description();

  /** The fastest in F32 that this JVM can run; says so in the log if that is the reference. */
  static Kernels best() {
    return best(NativeCode.OFF);
  }

  /**
   * The fastest that this JVM can run. What it falls back to and why is a line in the log.
   *
   * @param nativeCode with {@code AUTO} a thread begins to load a library, which stays loaded;
   *     until it is there vectors compute everything, to the same bits
   */
  static Kernels best(NativeCode nativeCode) {
    Logger log = LoggerFactory.getLogger(Kernels.class);
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      log.warn(
          "Kernels are scalar and slow: start the JVM with --add-modules jdk.incubator.vector");
      return scalar();
    }
    if (!VectorKernels.supported()) {
      log.warn("Kernels are scalar and slow: this processor has no vectors of 256 bits or more");
      return scalar();
    }
    if (nativeCode == NativeCode.AUTO) {
      try {
        return new VectorKernels(new Multiplication(Arithmetic.BF16, NativeLibrary.begin()));
      } catch (NativeCodeException e) {
        log.info("Kernels: vectors in F32, no native code: {}", e.getMessage());
      }
    }
    return new VectorKernels();
  }
}
