package io.parley.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.kernel.onednn.NativeCodeException;
import io.parley.model.tensor.Tensor;
import io.parley.model.tensor.TensorType;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Needs a processor that the library is made for. */
class NativeProductsTest {
  private static final int[] COUNTS = {9, 17, 150};

  private final Random random = new Random(11);
  private final ComputePool pool =
      ComputePool.of(3, Thread.ofPlatform().name("test-compute").daemon().factory());
  private final Workspace workspace = new Workspace(pool);
  private Kernels kernels = new ScalarKernels();

  @BeforeEach
  void detect() {
    try {
      NativeLibrary library = NativeLibrary.begin();
      String outcome = library.description();
      Assumptions.assumeTrue(library.products() != null, outcome);
      kernels = new VectorKernels(new Multiplication(Arithmetic.BF16, library));
    } catch (NativeCodeException e) {
      Assumptions.abort("no native code here: " + e.getMessage());
    }
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void nativeCodeGivesTheBitsOfTheReference(TensorType type) {
    int[] columns =
        switch (type.blockLength()) {
          case 1 -> new int[] {1, 33, 515, 1_056};
          case 32 -> new int[] {32, 1_056};
          default -> new int[] {256, 1_280};
        };
    for (int rows : new int[] {1, 33, 160}) {
      for (int width : columns) {
        compare(type, rows, width, COUNTS);
      }
    }
  }

  private void compare(TensorType type, int rows, int columns, int... counts) {
    Tensor tensor = MatrixTest.tensor(type, rows, columns, gaussians(rows * columns));
    WeightMatrix matrix = kernels.matrix(tensor);
    WeightMatrix reference = new ScalarKernels(Arithmetic.BF16).matrix(tensor);
    int most = counts[counts.length - 1];
    float[] x = gaussians(most * columns);
    float[] expected = new float[most * rows];
    reference.multiply(x, most, expected, workspace);
    for (int count : counts) {
      float[] out = new float[most * rows];
      matrix.multiply(x, count, out, workspace);
      assertThat(Arrays.copyOf(out, count * rows))
          .as("%d × %d, %d rows", rows, columns, count)
          .isEqualTo(Arrays.copyOf(expected, count * rows));
    }
  }

  private float[] gaussians(int length) {
    float[] out = new float[length];
    for (int i = 0; i < length; i++) {
      out[i] = (float) random.nextGaussian();
    }
    return out;
  }

  @Test
  void moreRowsThanAreSummedAtATimeGiveTheSameBits() {
    compare(TensorType.F32, 33, 100, NativeScratch.ROWS + 1, NativeScratch.ROWS + 150);
  }

  @Test
  void theFewRowsOfABatchAloneHaveTheSameBits() {
    Tensor tensor = MatrixTest.tensor(TensorType.Q8_0, 200, 1_056, gaussians(200 * 1_056));
    WeightMatrix matrix = kernels.matrix(tensor);
    float[] x = gaussians(40 * 1_056);
    float[] together = new float[40 * 200];
    matrix.multiply(x, 40, together, workspace);
    for (int count : new int[] {1, 2, 3, 8, 20}) {
      float[] some = new float[count * 200];
      matrix.multiply(x, count, some, workspace);
      assertThat(some).isEqualTo(Arrays.copyOf(together, count * 200));
    }
  }
}
