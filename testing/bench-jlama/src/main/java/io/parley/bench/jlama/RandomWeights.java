package io.parley.bench.jlama;

import com.github.tjake.jlama.model.DistributedContext;
import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.safetensors.TensorInfo;
import com.github.tjake.jlama.safetensors.WeightLoader;
import com.github.tjake.jlama.tensor.AbstractTensor;
import com.github.tjake.jlama.tensor.FloatBufferTensor;
import com.github.tjake.jlama.tensor.Q4ByteBufferTensor;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Random weights of a model with tied embeddings, in Jlama's own form of four bits with a scale for
 * 32, the one its kernels multiply by activations of eight bits; layers share theirs. Not
 * thread-safe.
 */
final class RandomWeights implements WeightLoader {
  private final LlamaShape shape;
  private final SplittableRandom random = new SplittableRandom(1);

  RandomWeights(LlamaShape shape) {
    this.shape = shape;
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public Map<String, TensorInfo> tensorInfoMap() {
    return Map.of();
  }

  @Override
  public boolean isWeightPresent(String name) {
    return !name.equals("lm_head.weight");
  }

  @Override
  public DType getModelDType() {
    return DType.Q4;
  }

  @Override
  public AbstractTensor<?, ?> load(String name) {
    return load(name, null, false, false);
  }

  @Override
  public AbstractTensor<?, ?> load(
      String name, @Nullable DistributedContext part, boolean sparseRows, boolean sparseColumns) {
    if (name.endsWith("norm.weight")) {
      FloatBufferTensor ones = new FloatBufferTensor(1, shape.width());
      for (int i = 0; i < shape.width(); i++) {
        ones.set(1, 0, i);
      }
      return ones;
    }
    int kvWidth = shape.width() / shape.heads() * shape.kvHeads();
    if (name.endsWith("embed_tokens.weight")) {
      return matrix(shape.vocabulary(), shape.width());
    }
    if (name.endsWith("k_proj.weight") || name.endsWith("v_proj.weight")) {
      return matrix(kvWidth, shape.width());
    }
    if (name.endsWith("down_proj.weight")) {
      return matrix(shape.width(), shape.inner());
    }
    if (name.endsWith("gate_proj.weight") || name.endsWith("up_proj.weight")) {
      return matrix(shape.inner(), shape.width());
    }
    return matrix(shape.width(), shape.width());
  }

  private AbstractTensor<?, ?> matrix(int rows, int columns) {
    float bound = (float) Math.sqrt(3.0 / columns);
    FloatBufferTensor values = new FloatBufferTensor(rows, columns);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        values.set(bound * (2 * (float) random.nextDouble() - 1), row, column);
      }
    }
    return new Q4ByteBufferTensor(values);
  }

  @Override
  public void close() {}
}
