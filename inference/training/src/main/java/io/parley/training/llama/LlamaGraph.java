package io.parley.training.llama;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The forward pass. Matrices that read the same input and lie side by side in the flat array
 * (query, key and value; gate and up) are one linear map here.
 */
final class LlamaGraph {
  private record Block(
      Leaf attentionNorm, Leaf qkv, Leaf output, Leaf ffnNorm, Leaf gateUp, Leaf down) {}

  private final LlamaShape shape;
  private final ScalarType linearType;
  private final List<Leaf> leaves = new ArrayList<>();
  private final List<Block> blocks = new ArrayList<>();
  private final Leaf embedding;
  private final Leaf projection;
  private final Leaf outputNorm;
  private final Tensor rotations;

  LlamaGraph(LlamaShape shape, Precision precision, FloatPointer weights, FloatPointer gradients) {
    this.shape = shape;
    this.linearType = precision == Precision.BF16 ? ScalarType.BFloat16 : ScalarType.Float;
    LeafCursor cursor = new LeafCursor(weights, gradients, precision == Precision.BF16);
    int width = shape.width();
    this.embedding = cursor.peek(false, shape.vocabulary(), width);
    this.projection = cursor.take(shape.vocabulary(), width);
    for (int layer = 0; layer < shape.layers(); layer++) {
      blocks.add(
          new Block(
              cursor.take(width),
              cursor.take(width + 2L * shape.kvWidth(), width),
              cursor.take(width, width),
              cursor.take(width),
              cursor.take(2L * shape.feedForward(), width),
              cursor.take(width, shape.feedForward())));
    }
    this.outputNorm = cursor.take(width);
    this.rotations = Rotations.table(shape);
  }

  /** Hands out leaves in layout order. */
  private final class LeafCursor {
    private final FloatPointer weights;
    private final FloatPointer gradients;
    private final boolean reduceMatrices;
    private int offset;

    LeafCursor(FloatPointer weights, FloatPointer gradients, boolean reduceMatrices) {
      this.weights = weights;
      this.gradients = gradients;
      this.reduceMatrices = reduceMatrices;
    }

    Leaf peek(boolean reduced, long... extents) {
      Leaf leaf = new Leaf(weights, gradients, offset, reduced, extents);
      leaves.add(leaf);
      return leaf;
    }

    Leaf take(long... extents) {
      Leaf leaf = peek(reduceMatrices && extents.length > 1, extents);
      offset += (int) Arrays.stream(extents).reduce(1, (size, extent) -> size * extent);
      return leaf;
    }
  }

  /** Reads the flat weights anew. */
  void refresh() {
    leaves.forEach(Leaf::refresh);
  }

  /** Brings what a backward pass left behind into the flat gradient. */
  void collectGradients() {
    leaves.forEach(Leaf::collect);
  }

  /** Negative log-likelihood of every target: f32 {@code [targets]}. */
  Tensor losses(MicroBatch batch) {
    Tensor likelihoods = torch.log_softmax(logits(batch), -1);
    Tensor targets = indices(batch.targets()).unsqueeze(1);
    return torch.gather(likelihoods, 1, targets).squeeze(1).neg();
  }

  /** The logits at every place that is predicted: f32 {@code [targets, vocabulary]}. */
  Tensor logits(MicroBatch batch) {
    Tensor hidden = hidden(batch).index_select(0, indices(batch.rows()));
    return linear(norm(hidden, outputNorm), projection);
  }

  /** The last block's output: f32 {@code [places, width]}. */
  private Tensor hidden(MicroBatch batch) {
    Tensor rotation = rotations.index_select(0, indices(batch.positions())).unsqueeze(1);
    AttentionMask mask = AttentionMask.of(batch);
    Tensor x = embedding.tensor().index_select(0, indices(batch.tokens()));
    for (Block block : blocks) {
      x = x.add(attention(block, x, batch, rotation, mask));
      x = x.add(feedForward(block, x));
    }
    return x;
  }

  private Tensor attention(
      Block block, Tensor x, MicroBatch batch, Tensor rotation, AttentionMask mask) {
    int heads = shape.heads();
    int kvHeads = shape.kvHeads();
    Tensor qkv =
        torch
            .linear(norm(x, block.attentionNorm), block.qkv.tensor())
            .to(ScalarType.Float)
            .view(batch.size(), heads + 2L * kvHeads, shape.headWidth());
    TensorVector parts = qkv.split_with_sizes(new long[] {heads + kvHeads, kvHeads}, 1);
    TensorVector rotated =
        Rotations.rotate(parts.get(0), rotation).split_with_sizes(new long[] {heads, kvHeads}, 1);
    Tensor mixed =
        mask.attend(
            byHead(rotated.get(0), batch, 1),
            byHead(rotated.get(1), batch, heads / kvHeads),
            byHead(parts.get(1), batch, heads / kvHeads));
    Tensor joined = mixed.transpose(1, 2).reshape(batch.size(), shape.width());
    return linear(joined.to(linearType), block.output);
  }

  /** {@code [places, heads, headWidth]} to {@code [windows, heads·copies, tokens, headWidth]}. */
  private Tensor byHead(Tensor x, MicroBatch batch, int copies) {
    long heads = x.size(1);
    Tensor rows =
        copies == 1 ? x : x.unsqueeze(2).expand(batch.size(), heads, copies, shape.headWidth());
    return rows.reshape(batch.windows(), batch.windowTokens(), heads * copies, shape.headWidth())
        .transpose(1, 2);
  }

  private Tensor feedForward(Block block, Tensor x) {
    TensorVector halves = torch.linear(norm(x, block.ffnNorm), block.gateUp.tensor()).chunk(2, 1);
    return linear(torch.silu(halves.get(0)).mul(halves.get(1)), block.down);
  }

  private static Tensor linear(Tensor x, Leaf weight) {
    return torch.linear(x, weight.tensor()).to(ScalarType.Float);
  }

  /** RMSNorm (Zhang and Sennrich 2019) in f32, its result as the next linear map wants it. */
  private Tensor norm(Tensor x, Leaf gain) {
    Tensor meanSquare = x.square().mean(new long[] {-1}, true, new ScalarTypeOptional());
    Tensor scale = meanSquare.add(new Scalar(LlamaShape.NORM_EPSILON)).rsqrt();
    return x.mul(scale).mul(gain.tensor()).to(linearType);
  }

  private static Tensor indices(int[] values) {
    return AbstractTensor.create(values);
  }
}
