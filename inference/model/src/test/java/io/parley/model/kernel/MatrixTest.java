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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatrixTest {
  private static final int[] AWKWARD = {1, 31, 32, 33, 96, 100, 129, 257};
  private static final int[] BLOCKS = {32, 96, 128, 160, 288};
  private static final int[] COUNTS = {1, 2, 3, 4, 5, 7, 8, 9, 17};

  private final Random random = new Random(7);
  private final float[] workspace = new float[WeightMatrix.WORKSPACE_LENGTH];

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
    for (int rows : AWKWARD) {
      for (int columns : type.blockLength() == 1 ? AWKWARD : BLOCKS) {
        Tensor tensor = tensor(type, rows, columns, gaussians(rows * columns));
        WeightMatrix reference = new ScalarKernels().matrix(tensor);
        WeightMatrix vectors = new VectorKernels().matrix(tensor);
        for (int count : COUNTS) {
          float[] x = gaussians(count * columns);
          assertThat(multiply(vectors, x, count))
              .as("%d × %d, %d rows", rows, columns, count)
              .isEqualTo(multiply(reference, x, count));
        }
      }
    }
  }

  private float[] multiply(WeightMatrix matrix, float[] x, int count) {
    Arrays.fill(workspace, Float.NaN);
    float[] out = new float[count * matrix.rows() + 1];
    Arrays.fill(out, 12_345);
    matrix.multiply(x, count, out, workspace);
    assertThat(out[out.length - 1]).as("nothing is written behind the result").isEqualTo(12_345);
    return out;
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void theReferenceAgreesWithExactArithmetic(TensorType type) {
    Tensor tensor = tensor(type, 5, 64, gaussians(5 * 64));
    float[] weights = tensor.values();
    float[] x = gaussians(2 * 64);
    float[] out = multiply(new ScalarKernels().matrix(tensor), x, 2);
    for (int m = 0; m < 2; m++) {
      for (int r = 0; r < 5; r++) {
        double sum = 0;
        for (int c = 0; c < 64; c++) {
          sum += (double) weights[r * 64 + c] * x[m * 64 + c];
        }
        assertThat((double) out[m * 5 + r])
            .isCloseTo(sum, org.assertj.core.api.Assertions.within(1e-4));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void rowsAreReadBack(TensorType type) {
    Tensor tensor = tensor(type, 70, 64, gaussians(70 * 64));
    float[] all = tensor.values();
    for (Kernels kernels : List.of(new ScalarKernels(), new VectorKernels())) {
      WeightMatrix matrix = kernels.matrix(tensor);
      float[] row = new float[66];
      for (int r = 0; r < 70; r++) {
        matrix.readRow(r, row, 1);
        assertThat(Arrays.copyOfRange(row, 1, 65))
            .isEqualTo(Arrays.copyOfRange(all, r * 64, (r + 1) * 64));
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

  @Test
  void aWeightThatIsNotFiniteIsRefused() {
    for (TensorType type : TensorType.values()) {
      Tensor tensor = tensor(type, 2, 32, new float[64]);
      byte[] bytes = (byte[]) tensor.data().heapBase().orElseThrow();
      Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 4, (byte) 0x7f);
      byte[] infinity = {0, 0, (byte) 0x80, 0x7f}; // F32 and, in its upper half, BF16.
      if (type == TensorType.F16 || type == TensorType.Q8_0) {
        infinity = new byte[] {0, 0x7c};
      }
      System.arraycopy(infinity, 0, bytes, bytes.length / 2, infinity.length);
      for (Kernels kernels : List.of(new ScalarKernels(), new VectorKernels())) {
        assertThatThrownBy(() -> kernels.matrix(tensor))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("tensor t is not finite at row 1");
      }
    }
  }
}
