package io.parley.model.kernel;

import io.parley.model.kernel.onednn.NativeCodeException;
import io.parley.model.kernel.onednn.OneDnn;
import io.parley.model.tensor.Tensor;
import io.parley.model.tensor.TensorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether native code can be used on this machine: processor and system fit, the library
 * loads, and a few products of awkward sizes have the bits of the reference. Anything else is a
 * line in the log and the Java path.
 */
final class NativeDetection {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  /** More than two blocks of columns, the last odd; panels that are not complete. */
  private static final int TEST_COLUMNS = 2 * SumOrder.BLOCK_COLUMNS + 77;

  private static final int TEST_ROWS = 4 * Lanes.PANEL + 5;
  private static final int[] TEST_COUNTS = {NativeProducts.LEAST_ROWS, 150};

  private static final Logger log = LoggerFactory.getLogger(NativeDetection.class);

  private NativeDetection() {}

  /**
   * @param kernels null if there are none
   * @param problem why, if there are none
   */
  private record Outcome(@Nullable VectorKernels kernels, String problem) {}

  /** A process can set up the library once, and what was found out does not change. */
  private static final class Once {
    static final Outcome OUTCOME = attempt();

    private static Outcome attempt() {
      try {
        return new Outcome(load(), "");
      } catch (NativeCodeException e) {
        return new Outcome(null, String.valueOf(e.getMessage()));
      }
    }
  }

  /**
   * Kernels with native code, the same for all callers.
   *
   * @throws NativeCodeException that says why there are none here
   */
  static VectorKernels kernels() {
    VectorKernels kernels = Once.OUTCOME.kernels();
    if (kernels == null) {
      throw new NativeCodeException(Once.OUTCOME.problem());
    }
    return kernels;
  }

  private static VectorKernels load() {
    requireProcessor();
    NativeProducts products = new NativeProducts(OneDnn.load(cache()));
    VectorKernels kernels = new VectorKernels(new Multiplication(Arithmetic.BF16, products));
    requireSameBits(kernels);
    log.info(
        "Kernels: oneDNN {} for {} rows and more, vectors for fewer, all in BF16",
        products.oneDnn().version(),
        NativeProducts.LEAST_ROWS);
    return kernels;
  }

  private static void requireProcessor() {
    if (!NativeProducts.supported() || !processorHasBf16()) {
      throw new NativeCodeException("this is no Linux on x86-64 with AVX-512 BF16");
    }
  }

  private static boolean processorHasBf16() {
    try {
      return Files.isReadable(PROCESSORS) && Files.readString(PROCESSORS).contains(" avx512_bf16");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As the XDG base directories have it. */
  private static Path cache() {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path base =
        configured == null || configured.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(configured);
    return base.resolve("parley");
  }

  private static void requireSameBits(Kernels kernels) {
    SplittableRandom random = new SplittableRandom(1);
    Tensor tensor =
        new Tensor(
            "self-test",
            List.of((long) TEST_COLUMNS, (long) TEST_ROWS),
            TensorType.F32,
            bytes(numbers(random, TEST_ROWS * TEST_COLUMNS)));
    for (int count : TEST_COUNTS) {
      float[] x = numbers(random, count * TEST_COLUMNS);
      if (!Arrays.equals(
          multiply(kernels, tensor, x, count),
          multiply(new ScalarKernels(Arithmetic.BF16), tensor, x, count))) {
        throw new NativeCodeException("oneDNN does not give the bits of the reference");
      }
    }
  }

  private static float[] multiply(Kernels kernels, Tensor tensor, float[] x, int count) {
    float[] out = new float[count * TEST_ROWS];
    kernels.matrix(tensor).multiply(x, count, out, new Workspace());
    return out;
  }

  private static float[] numbers(SplittableRandom random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static MemorySegment bytes(float[] values) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[values.length * Float.BYTES]);
    MemorySegment.copy(
        values,
        0,
        bytes,
        ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
        0,
        values.length);
    return bytes;
  }
}
