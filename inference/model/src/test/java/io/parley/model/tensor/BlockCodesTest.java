package io.parley.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockCodesTest {
  private static final int COUNT = 20 * 256;

  /** The expected hashes are of what ggml's own {@code to_float} makes of the same bytes. */
  @ParameterizedTest
  @CsvSource({
    "Q8_0, -1286339135",
    "Q4_0, -876246015",
    "Q4_1, -1078785648",
    "Q5_0, -1356272639",
    "Q5_1, 1739258368",
    "Q4_K, 414973429",
    "Q5_K, 1576405243",
    "Q6_K, -2143332329"
  })
  void decodesToTheBitsOfGgml(TensorType type, int hash) {
    Random random = new Random(5);
    byte[] bytes = new byte[(int) type.bytes(COUNT)];
    random.nextBytes(bytes);
    for (int block = 0; block < bytes.length; block += type.blockBytes()) {
      for (int at : halves(type)) {
        short half = Float.floatToFloat16((float) random.nextGaussian());
        bytes[block + at] = (byte) half;
        bytes[block + at + 1] = (byte) (half >> 8);
      }
    }
    float[] values = tensor(type, bytes).values();
    for (int i = 0; i < COUNT; i++) {
      values[i] += 0f; // ggml's zeros have signs
    }
    assertThat(Arrays.hashCode(values)).isEqualTo(hash);
  }

  private static int[] halves(TensorType type) {
    return switch (type) {
      case Q6_K -> new int[] {208};
      case Q4_1, Q5_1, Q4_K, Q5_K -> new int[] {0, 2};
      default -> new int[] {0};
    };
  }

  private static Tensor tensor(TensorType type, byte[] bytes) {
    return new Tensor("t", List.of((long) COUNT), type, MemorySegment.ofArray(bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "Q8_0, 0.02",
    "Q6_K, 0.12",
    "Q5_K, 0.16",
    "Q5_1, 0.12",
    "Q5_0, 0.25",
    "Q4_K, 0.3",
    "Q4_1, 0.25",
    "Q4_0, 0.5"
  })
  void whatIsEncodedComesBackWithinHalfAStep(TensorType type, float error) {
    Random random = new Random(1);
    float[] values = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      values[i] = (float) random.nextGaussian();
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) type.bytes(COUNT)).order(ByteOrder.LITTLE_ENDIAN);
    TensorEncoder.encode(type, values, 0, COUNT, bytes);
    assertThat(tensor(type, bytes.array()).values()).containsExactly(values, within(error));
  }

  @Test
  void typesOfFloatsHaveNoBlocks() {
    assertThatThrownBy(() -> new BlockCodes(TensorType.F16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("F16 is not quantised");
  }
}
