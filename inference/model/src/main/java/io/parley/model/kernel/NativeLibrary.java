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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * oneDNN, on its way: it is loaded and tested by a thread of its own, since that takes as long as
 * the rest of a start, and until then vectors compute everything, to the same bits. If it does not
 * load, or a few products of awkward sizes do not have the bits of the reference, that is a line in
 * the log, and vectors go on. Thread-safe.
 */
final class NativeLibrary {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  /** A panel that is complete and one that is not. */
  private static final int TEST_ROWS = Lanes.PANEL + 5;

  private static final Logger log = LoggerFactory.getLogger(NativeLibrary.class);

  /** A process can set up the library once. */
  private static final class Once {
    static final NativeLibrary LIBRARY = new NativeLibrary();

    static {
      Thread.ofPlatform().daemon().name("native-code").start(LIBRARY.loading);
    }
  }

  private final FutureTask<String> loading = new FutureTask<>(this::load);
  private volatile @Nullable NativeProducts products;

  private NativeLibrary() {}

  /**
   * Begins to load the library of this process, or finds it begun.
   *
   * @throws NativeCodeException that says why it is not made for this machine
   */
  static NativeLibrary begin() {
    requireProcessor();
    return Once.LIBRARY;
  }

  /** What computes many rows; null as long as, or if, there is nothing. */
  @Nullable NativeProducts products() {
    return products;
  }

  /** What came of it, for people. Waits until that is known. */
  String description() {
    try {
      return loading.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "oneDNN is being loaded";
    }
  }

  private String load() {
    String outcome;
    try {
      NativeProducts loaded = new NativeProducts(OneDnn.load(cache()));
      requireSameBits(loaded);
      products = loaded;
      outcome =
          "oneDNN %s for %d rows and more"
              .formatted(loaded.oneDnn().version(), NativeProducts.LEAST_ROWS);
    } catch (NativeCodeException e) {
      outcome = "no native code: " + e.getMessage();
    }
    log.info("Kernels: vectors in BF16; {}", outcome);
    return outcome;
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

  /**
   * Batches by native code beside some of their rows, alone, by the reference. Small ones: at a
   * start vectors run in the interpreter, where each operation is a microsecond.
   */
  private static void requireSameBits(NativeProducts products) {
    requireSameBits(products, SumOrder.BLOCK_COLUMNS + 45, NativeProducts.LEAST_ROWS, 0, 8);
    requireSameBits(products, 77, 145, 0, 127, 128, 144);
  }

  private static void requireSameBits(
      NativeProducts products, int columns, int count, int... compared) {
    SplittableRandom random = new SplittableRandom(1);
    Tensor tensor =
        new Tensor(
            "self-test",
            List.of((long) columns, (long) TEST_ROWS),
            TensorType.F32,
            bytes(numbers(random, TEST_ROWS * columns)));
    WeightMatrix reference = new ScalarKernels(Arithmetic.BF16).matrix(tensor);
    float[] batch = numbers(random, count * columns);
    float[] actual = new float[count * TEST_ROWS];
    PanelMatrix matrix = new F32Panels(tensor, new Multiplication(Arithmetic.BF16, null));
    products.multiply(matrix, batch, count, actual, new Workspace());
    float[] expected = new float[TEST_ROWS];
    for (int m : compared) {
      float[] x = Arrays.copyOfRange(batch, m * columns, (m + 1) * columns);
      reference.multiply(x, 1, expected, new Workspace());
      if (!Arrays.equals(
          expected, Arrays.copyOfRange(actual, m * TEST_ROWS, (m + 1) * TEST_ROWS))) {
        throw new NativeCodeException("oneDNN does not give the bits of the reference");
      }
    }
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
