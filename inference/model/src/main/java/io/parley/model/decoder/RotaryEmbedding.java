package io.parley.model.decoder;

/**
 * Turns heads by the positions of a batch, as one {@link Rotation} says. Not thread-safe: holds the
 * angles of the batch that it was prepared for.
 */
final class RotaryEmbedding {
  private final int headSize;
  private final int pairs;
  private final int pairStride;
  private final int halfDistance;
  private final double[] frequencies;
  private final double magnitude;
  private final float[] cosines;
  private final float[] sines;

  RotaryEmbedding(Rotation rotation, int headSize, int maxRows) {
    this.headSize = headSize;
    this.pairs = rotation.dimensions() / 2;
    boolean interleaved = rotation.layout() == RotaryLayout.INTERLEAVED;
    this.pairStride = interleaved ? 2 : 1;
    this.halfDistance = interleaved ? 1 : pairs;
    this.frequencies = rotation.frequencies();
    this.magnitude = rotation.magnitude();
    this.cosines = new float[maxRows * pairs];
    this.sines = new float[maxRows * pairs];
  }

  /** Computes the angles of a batch once, for all layers and heads. */
  void prepare(int[] positions) {
    for (int row = 0; row < positions.length; row++) {
      for (int i = 0; i < pairs; i++) {
        double angle = positions[row] * frequencies[i];
        cosines[row * pairs + i] = (float) (Math.cos(angle) * magnitude);
        sines[row * pairs + i] = (float) (Math.sin(angle) * magnitude);
      }
    }
  }

  /** Turns {@code heads} heads of each of rows [from, to), which stand one after the other. */
  void rotate(float[] x, int from, int to, int heads) {
    for (int row = from; row < to; row++) {
      for (int head = 0; head < heads; head++) {
        rotateHead(x, (row * heads + head) * headSize, row * pairs);
      }
    }
  }

  private void rotateHead(float[] x, int at, int angle) {
    for (int i = 0; i < pairs; i++) {
      float cosine = cosines[angle + i];
      float sine = sines[angle + i];
      int first = at + i * pairStride;
      int second = first + halfDistance;
      float a = x[first];
      float b = x[second];
      x[first] = a * cosine - b * sine;
      x[second] = a * sine + b * cosine;
    }
  }
}
