package io.parley.model.llama;

/**
 * Rotary position embedding (Su et al. 2021, arXiv:2104.09864) in ggml's order for {@code llama}:
 * dimensions 2i and 2i + 1 are one pair, turned by position × base^(-2i / dimensions). Not
 * thread-safe.
 */
final class RotaryEmbedding {
  private final int headSize;
  private final int pairs;
  private final double[] frequencies;
  private final float[] cosines;
  private final float[] sines;

  RotaryEmbedding(LlamaConfig config, int maxRows) {
    headSize = config.headSize();
    pairs = config.ropeDimensions() / 2;
    frequencies = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      frequencies[i] = Math.pow(config.ropeBase(), -2.0 * i / config.ropeDimensions());
    }
    cosines = new float[maxRows * pairs];
    sines = new float[maxRows * pairs];
  }

  /** Computes the angles of a batch once, for all layers and heads. */
  void prepare(int[] positions) {
    for (int row = 0; row < positions.length; row++) {
      for (int i = 0; i < pairs; i++) {
        double angle = positions[row] * frequencies[i];
        cosines[row * pairs + i] = (float) Math.cos(angle);
        sines[row * pairs + i] = (float) Math.sin(angle);
      }
    }
  }

  /** Turns {@code heads} heads of each of {@code rows} rows, which stand one after the other. */
  void rotate(float[] x, int rows, int heads) {
    for (int row = 0; row < rows; row++) {
      for (int head = 0; head < heads; head++) {
        rotateHead(x, (row * heads + head) * headSize, row * pairs);
      }
    }
  }

  private void rotateHead(float[] x, int at, int angle) {
    for (int i = 0; i < pairs; i++) {
      float cosine = cosines[angle + i];
      float sine = sines[angle + i];
      float even = x[at + 2 * i];
      float odd = x[at + 2 * i + 1];
      x[at + 2 * i] = even * cosine - odd * sine;
      x[at + 2 * i + 1] = even * sine + odd * cosine;
    }
  }
}
