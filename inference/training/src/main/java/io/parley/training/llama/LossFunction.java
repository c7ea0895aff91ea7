package io.parley.training.llama;

/**
 * The model as training sees it: weights and data in, loss and gradient out, all in flat arrays.
 * Data, tensor and pipeline parallel forms are other implementations of the same function.
 */
public interface LossFunction extends AutoCloseable {
  /**
   * Computes the loss of {@code batch} under {@code weights} and its gradient. A pure function of
   * its arguments: the same input gives the same bits on the same machine. One thread at a time.
   */
  LossAndGradient lossAndGradient(float[] weights, Batch batch);

  @Override
  void close();
}
