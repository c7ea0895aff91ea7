package io.parley.model.kernel;

import io.parley.model.tensor.Tensor;
import io.parley.model.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;

/**
 * Calls kernels often enough for the just-in-time compiler. It counts calls and turns of loops, not
 * work, so small matrices do as well as those of a model, in a fraction of the time.
 */
final class WarmUp {
  /**
   * The optimising compiler takes a method after some 600 calls that together turned its loops
   * 15,000 times, but first lets it run as often in a form that counts (HotSpot's
   * Tier4MinInvocationThreshold and Tier4CompileThreshold).
   */
  private static final int ROUNDS = 1_200;

  /** A group of four panels and one that is not complete. */
  private static final int ROWS = 5 * Lanes.PANEL - 1;

  private static final int COLUMNS = 256;

  /** Row by row, in registers with four and with eight rows, and by tiles. */
  private static final int[] COUNTS = {1, 3, 8, 24};

  private final Kernels kernels;

  WarmUp(Kernels kernels) {
    this.kernels = kernels;
  }

  void run(Set<TensorType> types, int headSize, int blockTokens) {
    for (TensorType type : types) {
      multiply(type);
    }
    attend(headSize, blockTokens);
    float[] row = new float[COLUMNS];
    for (int round = 0; round < ROUNDS; round++) {
      kernels.rmsNorm(row, 0, row, 1, row, 0);
      kernels.swiGlu(row, row, 0, COLUMNS);
    }
  }

  private void multiply(TensorType type) {
    MemorySegment zeros = MemorySegment.ofArray(new byte[(int) type.bytes((long) ROWS * COLUMNS)]);
    WeightMatrix matrix =
        kernels.matrix(new Tensor("warm-up", List.of((long) COLUMNS, (long) ROWS), type, zeros));
    Workspace workspace = new Workspace();
    for (int count : COUNTS) {
      float[] x = new float[count * COLUMNS];
      float[] out = new float[count * ROWS];
      int rounds = ROUNDS / Math.max(1, count / 8);
      for (int round = 0; round < rounds; round++) {
        matrix.multiply(x, count, out, workspace);
      }
    }
  }

  private void attend(int headSize, int blockTokens) {
    AttentionKernel kernel = kernels.attention(headSize, blockTokens, 1);
    int queries = AttentionKernel.QUERIES;
    float[] block = new float[headSize * blockTokens * 3];
    float[] rows = new float[headSize * queries];
    float[] scores = new float[3 * blockTokens * queries];
    MemorySegment halves = MemorySegment.ofArray(new short[headSize * blockTokens]);
    for (int round = 0; round < ROUNDS; round++) {
      kernels.widenHalves(halves, 0, block, 0, headSize * blockTokens);
      kernel.score(rows, 0, block, 0, 3, scores, 0, 3 * blockTokens);
      kernel.weigh(scores, 0, 3 * blockTokens);
      kernel.addValues(scores, 0, 3 * blockTokens, block, 0, blockTokens, rows, 0);
      kernel.addValuesToOne(scores, 0, block, 0, blockTokens, rows, 0);
    }
  }
}
