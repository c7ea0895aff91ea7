package io.parley.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KernelsTest {
  private final Random random = new Random(11);
  private final Kernels scalar = new ScalarKernels();
  private final Kernels vector = new VectorKernels();

  private float[] gaussians(int length, double scale) {
    float[] out = new float[length];
    for (int i = 0; i < length; i++) {
      out[i] = (float) (random.nextGaussian() * scale);
    }
    return out;
  }

  @Test
  void theFastestKernelsAreVectors() {
    assertThat(Kernels.best()).isInstanceOf(VectorKernels.class);
  }

  @Test
  void theExponentialIsCloseToTheTrueOne() {
    for (float x = -87; x < 88; x += 0.0137f) {
      assertThat((double) Exponential.exp(x) / Math.exp(x)).isCloseTo(1, within(3e-7));
    }
    assertThat(Exponential.exp(0)).isEqualTo(1);
    assertThat(Exponential.exp(Float.NEGATIVE_INFINITY)).isBetween(0f, 2e-38f);
    assertThat(Exponential.exp(Float.NaN)).isNaN();
  }

  @Test
  void normIsTheFormula() {
    float[] x = {3, 4};
    float[] out = new float[2];
    scalar.rmsNorm(x, 0, new float[] {1, 2}, 0, out, 0);
    assertThat(out).containsExactly(new float[] {0.8485281f, 2.2627418f}, within(1e-6f));
  }

  @Test
  void normsAreEqual() {
    for (int length : new int[] {1, 7, 8, 9, 31, 33, 96, 100, 256}) {
      float[] x = gaussians(length + 3, 2);
      float[] weight = gaussians(length, 1);
      float[] expected = new float[length + 2];
      float[] actual = new float[length + 2];
      scalar.rmsNorm(x, 3, weight, 1e-5f, expected, 1);
      vector.rmsNorm(x, 3, weight, 1e-5f, actual, 1);
      assertThat(actual).isEqualTo(expected);
    }
  }

  @Test
  void activationsAreEqual() {
    for (int length : new int[] {1, 15, 16, 17, 33, 704}) {
      float[] expected = gaussians(length, 30);
      float[] actual = expected.clone();
      float[] up = gaussians(length, 1);
      scalar.swiGlu(expected, up, 0, length);
      vector.swiGlu(actual, up, 0, length);
      assertThat(actual).isEqualTo(expected);
    }
  }

  @Test
  void gatedGeluIsEqualAndTheFormula() {
    for (int length : new int[] {1, 15, 16, 17, 33, 704}) {
      float[] expected = gaussians(length, 3);
      float[] gate = expected.clone();
      float[] actual = expected.clone();
      float[] up = gaussians(length, 1);
      scalar.geGlu(expected, up, 0, length);
      vector.geGlu(actual, up, 0, length);
      assertThat(actual).isEqualTo(expected);
      for (int i = 0; i < length; i++) {
        double g = gate[i];
        double gelu = g / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (g + 0.044715 * g * g * g)));
        assertThat((double) actual[i]).isCloseTo(gelu * up[i], within(5e-6));
      }
    }
  }

  @Test
  void softCapsAreEqualAndTheFormula() {
    for (int length : new int[] {1, 15, 16, 17, 33, 704}) {
      float[] expected = gaussians(length + 4, 60);
      float[] x = expected.clone();
      float[] actual = expected.clone();
      scalar.softCap(expected, 3, length, 50);
      vector.softCap(actual, 3, length, 50);
      assertThat(actual).isEqualTo(expected);
      for (int i = 3; i < length + 3; i++) {
        assertThat((double) actual[i]).isCloseTo(50 * Math.tanh(x[i] / 50.0), within(50 * 0x1p-22));
      }
      assertThat(actual[length + 3]).isEqualTo(x[length + 3]);
    }
  }

  @Test
  void activationIsTheFormula() {
    float[] gate = {2, -100, 100};
    scalar.swiGlu(gate, new float[] {3, 1, 1}, 0, 3);
    assertThat(gate[0]).isCloseTo((float) (2 / (1 + Math.exp(-2)) * 3), within(1e-5f));
    assertThat(gate[1]).isCloseTo(0, within(1e-30f));
    assertThat(gate[2]).isEqualTo(100);
  }

  @Test
  void attentionIsEqual() {
    for (int headSize : new int[] {2, 8, 16, 24, 32, 64, 100}) {
      for (int blockTokens : new int[] {1, 4, 16, 20, 32}) {
        for (int blocks = 1; blocks <= 3; blocks++) {
          attentionIsEqual(headSize, blockTokens, blocks);
        }
      }
    }
  }

  private void attentionIsEqual(int headSize, int blockTokens, int blocks) {
    int length = blocks * blockTokens;
    float[] queries = gaussians(4 * headSize + 1, 1);
    float[] keys = gaussians(headSize * length + 2, 1);
    float[] values = gaussians(headSize * length + 2, 1);
    List<float[]> results =
        List.of(scalar, vector).stream()
            .map(kernels -> kernels.attention(headSize, blockTokens, 0.3f))
            .map(kernel -> attend(kernel, headSize, length, blocks, queries, keys, values))
            .toList();
    assertThat(results.getLast()).isEqualTo(results.getFirst());
  }

  /** All scores, then with the first query one slot less than with the others. */
  private static float[] attend(
      AttentionKernel kernel,
      int headSize,
      int length,
      int blocks,
      float[] queries,
      float[] keys,
      float[] values) {
    int stride = length + 3;
    float[] scores = new float[5 * stride];
    kernel.score(queries, 1, keys, 2, blocks, scores, 5, stride);
    float[] out = new float[4 * headSize + 5];
    for (int q = 0; q < 4; q++) {
      out[4 * headSize + 1 + q] =
          kernel.weigh(scores, 5 + q * stride, q == 0 ? Math.max(1, length - 1) : length);
    }
    kernel.addValues(scores, 5, stride, values, 2, length - 1, out, 1);
    kernel.addValuesToOne(
        scores, 5 + stride + length - 1, values, 2 + (length - 1) * headSize, 1, out, 1 + headSize);
    return out;
  }

  @Test
  void attentionIsTheFormula() {
    AttentionKernel kernel = scalar.attention(2, 2, (float) (1 / Math.sqrt(2)));
    float[] scores = new float[8];
    float[] queries = {1, 2, 0, 0, 0, 0, 0, 0};
    kernel.score(queries, 0, new float[] {1, 3, 0, 1}, 0, 1, scores, 0, 2);
    assertThat(Arrays.copyOf(scores, 2))
        .containsExactly(new float[] {0.70710677f, 3.535534f}, within(1e-6f));
    float sum = kernel.weigh(scores, 0, 2);
    assertThat(sum).isCloseTo((float) (1 + Math.exp(-2.8284271)), within(1e-6f));
    float[] out = new float[2];
    kernel.addValuesToOne(scores, 0, new float[] {10, 20, 30, 40}, 0, 2, out, 0);
    double first = Math.exp(-2.8284271);
    assertThat(out[0]).isCloseTo((float) (first * 10 + 30), within(1e-4f));
    assertThat(out[1]).isCloseTo((float) (first * 20 + 40), within(1e-4f));
  }

  @Test
  void halvesAreWidenedExactly() {
    for (int count : new int[] {1, 15, 16, 17, 4_000}) {
      short[] halves = new short[count];
      for (int i = 0; i < count; i++) {
        halves[i] =
            Float.floatToFloat16((float) (random.nextGaussian() * Math.pow(2, i % 38 - 24)));
      }
      MemorySegment segment = MemorySegment.ofArray(halves);
      float[] expected = new float[count];
      float[] actual = new float[count + 1];
      scalar.widenHalves(segment, 0, expected, 0, count);
      vector.widenHalves(segment, 0, actual, 1, count);
      assertThat(Arrays.copyOfRange(actual, 1, count + 1)).isEqualTo(expected);
    }
  }
}
