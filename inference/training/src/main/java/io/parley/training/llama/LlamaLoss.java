package io.parley.training.llama;

import io.parley.common.ParleyException;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The single-process {@link LossFunction}: the Llama forward pass on libtorch, differentiated by
 * its autograd.
 *
 * <p>A batch is worked on in micro-batches of whole windows that stay near the cache; gradients of
 * all of them are summed in f32. In {@link Precision#BF16} only the operands of the linear maps
 * (and the SwiGLU gate between two of them) are bf16; residual stream, norms, attention, softmax
 * and loss are f32, as are the weights that come in and the gradient that goes out.
 */
public final class LlamaLoss implements LossFunction {
  private final ParameterLayout layout;
  private final int microBatchTokens;
  private final PointerScope lifetime;
  private final FloatPointer weights;
  private final FloatPointer gradients;
  private final LlamaGraph graph;
  private final float[] gradient;

  /**
   * @param threads threads of libtorch and its BLAS, a setting of the whole process, at least 1
   * @param microBatchTokens places worked on at a time; a window is never cut, however long it is
   * @throws ParleyException INVALID_REQUEST that names the number that is too small
   */
  public LlamaLoss(LlamaShape shape, Precision precision, int threads, int microBatchTokens) {
    require(threads, "threads");
    require(microBatchTokens, "microBatchTokens");
    this.layout = new ParameterLayout(shape);
    this.microBatchTokens = microBatchTokens;
    this.gradient = new float[layout.size()];
    torch.set_num_threads(threads);
    openblas_nolapack.blas_set_num_threads(threads); // It counts its own, for f32 matrices.
    this.lifetime = new PointerScope();
    this.weights = new FloatPointer(layout.size());
    this.gradients = new FloatPointer(layout.size());
    this.graph = new LlamaGraph(shape, precision, weights, gradients);
  }

  private static void require(int value, String field) {
    if (value < 1) {
      throw ParleyException.invalid(field + " must be at least 1, not " + value);
    }
  }

  @Override
  public LossAndGradient lossAndGradient(float[] newWeights, Batch batch) {
    weights.position(0).put(newWeights);
    FloatPointer.memset(gradients, 0, 4L * layout.size());
    graph.refresh();
    double total = batch.weight();
    LossSum sum = new LossSum();
    for (Windows group : batch.groups()) {
      int windows = Math.max(1, microBatchTokens / group.windowTokens());
      for (int first = 0; first < group.count(); first += windows) {
        int end = Math.min(first + windows, group.count());
        accumulate(MicroBatch.of(group, first, end), total, sum);
      }
    }
    gradients.position(0).get(gradient);
    return new LossAndGradient(sum.weighted / total, sum.answers / sum.answerCount, gradient);
  }

  @SuppressWarnings("try") // Scope and mode end with the block.
  private void accumulate(MicroBatch batch, double totalWeight, LossSum sum) {
    if (batch.targets().length == 0) {
      return;
    }
    try (PointerScope scope = new PointerScope();
        AutoGradMode recording = new AutoGradMode(true)) {
      Tensor losses = graph.losses(batch);
      Tensor scale = AbstractTensor.create(batch.scaledWeights(totalWeight));
      losses.mul(scale).sum().backward();
      graph.collectGradients();
      float[] values = new float[batch.targets().length];
      new FloatPointer(losses.data_ptr_float()).get(values);
      sum.add(values, batch.targetWeights());
    }
  }

  @Override
  public void close() {
    lifetime.close();
  }

  /** Running sums over micro-batches. */
  private static final class LossSum {
    double weighted;
    double answers;
    int answerCount;

    void add(float[] losses, float[] targetWeights) {
      for (int i = 0; i < losses.length; i++) {
        weighted += (double) losses[i] * targetWeights[i];
        if (targetWeights[i] == 1) {
          answers += losses[i];
          answerCount++;
        }
      }
    }
  }
}
