package io.parley.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.model.tensor.Tensor;
import io.parley.model.tensor.TensorEncoder;
import io.parley.model.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatrixTest {
  private static final int[] AWKWARD = {1, 32, 33, 129, 257};
  private static final int[] AWKWARD_COLUMNS = {1, 2, 33, 100, 1_025};
  private static final int[] BLOCKS = {32, 160, 1_056};
  private static final int[] SUPER_BLOCKS = {256, 1_280};
  private static final int[] COUNTS = {1, 2, 3, 4, 5, 7, 8, 9, 16, 17};

  private final Random random = new Random(7);
  private final ComputePool pool =
      ComputePool.of(3, Thread.ofPlatform().name("test-compute").daemon().factory());
  private final Workspace workspace = new Workspace(pool);

  @AfterEach
  void close() {
    pool.close();
  }

  static Tensor tensor(TensorType type, int rows, int columns, float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate((int) type.bytes(values.length)).order(ByteOrder.LITTLE_ENDIAN);
    TensorEncoder.encode(type, values, 0, values.length, bytes);
    return new Tensor(
        "t", List.of((long) columns, (long) rows), type, MemorySegment.ofArray(bytes.array()));
  }

  private float[] gaussians(int length) {
    float[] out = new float[length];
    for (int i = 0; i < length; i++) {
      out[i] = (float) random.nextGaussian();
    }
    return out;
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void vectorsGiveTheBitsOfTheReference(TensorType type) {
    compare(type, new ScalarKernels(), new VectorKernels());
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void vectorsGiveTheBitsOfTheReferenceInBf16(TensorType type) {
    compare(
        type,
        new ScalarKernels(Arithmetic.BF16),
        new VectorKernels(new Multiplication(Arithmetic.BF16, null)));
  }

  private void compare(TensorType type, Kernels expected, Kernels actual) {
    for (int rows : AWKWARD) {
      for (int columns : columns(type)) {
        Tensor tensor = tensor(type, rows, columns, gaussians(rows * columns));
        WeightMatrix reference = expected.matrix(tensor);
        WeightMatrix vectors = actual.matrix(tensor);
        for (int count : COUNTS) {
          float[] x = gaussians(count * columns);
          assertThat(multiply(vectors, x, count))
              .as("%d × %d, %d rows", rows, columns, count)
              .isEqualTo(multiply(reference, x, count));
        }
      }
    }
  }

  private static int[] columns(TensorType type) {
    return switch (type.blockLength()) {
      case 1 -> AWKWARD_COLUMNS;
      case 32 -> BLOCKS;
      default -> SUPER_BLOCKS;
    };
  }

  private float[] multiply(WeightMatrix matrix, float[] x, int count) {
    float[] out = new float[count * matrix.rows() + 1];
    Arrays.fill(out, 12_345);
    matrix.multiply(x, count, out, workspace);
    assertThat(out[out.length - 1]).as("nothing is written behind the result").isEqualTo(12_345);
    return out;
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void theReferenceAgreesWithExactArithmetic(TensorType type) {
    Tensor tensor = tensor(type, 5, 256, gaussians(5 * 256));
    float[] weights = tensor.values();
    float[] x = gaussians(2 * 256);
    float[] out = multiply(new ScalarKernels().matrix(tensor), x, 2);
    for (int m = 0; m < 2; m++) {
      for (int r = 0; r < 5; r++) {
        double sum = 0;
        for (int c = 0; c < 256; c++) {
          sum += (double) weights[r * 256 + c] * x[m * 256 + c];
        }
        assertThat((double) out[m * 5 + r])
            .isCloseTo(sum, org.assertj.core.api.Assertions.within(1e-4));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void rowsAreReadBack(TensorType type) {
    Tensor tensor = tensor(type, 70, 256, gaussians(70 * 256));
    float[] all = tensor.values();
    for (Kernels kernels : List.of(new ScalarKernels(), new VectorKernels())) {
      WeightMatrix matrix = kernels.matrix(tensor);
      float[] row = new float[258];
      for (int r = 0; r < 70; r++) {
        matrix.readRow(r, row, 1);
        assertThat(Arrays.copyOfRange(row, 1, 257))
            .isEqualTo(Arrays.copyOfRange(all, r * 256, (r + 1) * 256));
      }
    }
  }

  @Test
  void halvesOfEveryKindAreWidenedExactly() {
    float[] values = new float[1 << 15];
    int length = 0;
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Float.float16ToFloat((short) bits);
      if (Float.isFinite(value) && (bits & 1) == 0) {
        values[length++] = value;
      }
    }
    Tensor tensor =
        tensor(TensorType.F16, length / 64, 64, Arrays.copyOf(values, length / 64 * 64));
    float[] x = new float[64];
    x[13] = 1;
    WeightMatrix vectors = new VectorKernels().matrix(tensor);
    assertThat(multiply(vectors, x, 1))
        .isEqualTo(multiply(new ScalarKernels().matrix(tensor), x, 1));
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void aWeightThatIsNotFiniteIsRefused(TensorType type) {
    byte[] bytes = new byte[(int) type.bytes(512)];
    Tensor tensor = new Tensor("t", List.of(256L, 2L), type, MemorySegment.ofArray(bytes));
    byte[] infinity =
        switch (type) {
          case F32, BF16 -> new byte[] {0, 0, (byte) 0x80, 0x7f}; // BF16: in its upper half
          default -> new byte[] {0, 0x7c};
        };
    int scaleAt = type == TensorType.Q6_K ? 208 : 0;
    System.arraycopy(infinity, 0, bytes, bytes.length / 2 + scaleAt, infinity.length);
    for (Kernels kernels : List.of(new ScalarKernels(), new VectorKernels())) {
      assertThatThrownBy(() -> kernels.matrix(tensor))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("tensor t is not finite at row 1");
    }
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void anyNumberOfThreadsGivesTheSameBits(TensorType type) {
    Tensor tensor = tensor(type, 1_000, 256, gaussians(1_000 * 256));
    WeightMatrix matrix = new VectorKernels().matrix(tensor);
    for (int count : new int[] {1, 8, 33}) {
      float[] x = gaussians(count * 256);
      float[] alone = new float[count * 1_000];
      matrix.multiply(x, count, alone, new Workspace());
      float[] shared = new float[count * 1_000];
      for (int round = 0; round < 20; round++) {
        Arrays.fill(shared, Float.NaN);
        matrix.multiply(x, count, shared, workspace);
        assertThat(shared).isEqualTo(alone);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void matricesMadeTogetherHaveTheBitsOfThoseMadeAlone(TensorType type) {
    List<Tensor> tensors =
        List.of(
            tensor(type, 70, 256, gaussians(70 * 256)),
            tensor(TensorType.Q4_1, 130, 64, gaussians(130 * 64)),
            tensor(type, 129, 512, gaussians(129 * 512)));
    List<WeightMatrix> together = new VectorKernels().matrices(tensors);
    assertThat(together).hasSameSizeAs(tensors);
    for (int i = 0; i < tensors.size(); i++) {
      WeightMatrix alone = new VectorKernels().matrix(tensors.get(i));
      for (int count : new int[] {1, 3, 8, 24}) {
        float[] x = gaussians(count * alone.columns());
        assertThat(multiply(together.get(i), x, count)).isEqualTo(multiply(alone, x, count));
      }
    }
  }
}
