package io.parley.model.llama;

import io.parley.model.gguf.GgufException;
import io.parley.model.gguf.GgufFile;
import io.parley.model.kernel.Kernels;
import io.parley.model.kernel.WeightMatrix;
import io.parley.model.tensor.TensorType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The weights of a model, repacked for its kernels. Immutable and thread-safe. */
public final class LlamaModel {
  static final String EMBEDDING = "token_embd.weight";

  private final LlamaConfig config;
  private final Kernels kernels;
  private final WeightMatrix embedding;
  private final List<LlamaLayer> layers;
  private final float[] outputNorm;
  private final WeightMatrix output;

  private LlamaModel(
      LlamaConfig config,
      Kernels kernels,
      WeightMatrix embedding,
      List<LlamaLayer> layers,
      float[] outputNorm,
      WeightMatrix output) {
    this.config = config;
    this.kernels = kernels;
    this.embedding = embedding;
    this.layers = List.copyOf(layers);
    this.outputNorm = outputNorm;
    this.output = output;
  }

  /** As {@link #load(GgufFile, Kernels)}, with the fastest kernels of this machine. */
  public static LlamaModel load(GgufFile file) {
    return load(file, Kernels.best());
  }

  /**
   * Reads a model; the file may be closed afterwards. Without {@code output.weight} the embedding
   * is the output matrix too.
   *
   * @throws GgufException if the file holds another architecture, lacks a tensor or has one more
   *     than the architecture, or a tensor has another shape or a value that is not finite
   */
  public static LlamaModel load(GgufFile file, Kernels kernels) {
    LlamaConfig config = LlamaConfig.from(file);
    LlamaTensors tensors = new LlamaTensors(file, kernels);
    WeightMatrix embedding = tensors.matrix(EMBEDDING, config.width(), config.vocabularySize());
    List<LlamaLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      layers.add(LlamaLayer.read(tensors, config, "blk." + i + "."));
    }
    float[] outputNorm = tensors.vector("output_norm.weight", config.width());
    WeightMatrix output =
        tensors.has("output.weight")
            ? tensors.matrix("output.weight", config.width(), config.vocabularySize())
            : embedding;
    tensors.requireAllTaken();
    return new LlamaModel(config, kernels, embedding, layers, outputNorm, output);
  }

  public LlamaConfig config() {
    return config;
  }

  Kernels kernels() {
    return kernels;
  }

  /** How the weights of its matrices are stored. */
  Set<TensorType> weightTypes() {
    Set<TensorType> types = EnumSet.of(embedding.type(), output.type());
    layers.forEach(layer -> layer.matrices().forEach(matrix -> types.add(matrix.type())));
    return types;
  }

  WeightMatrix embedding() {
    return embedding;
  }

  List<LlamaLayer> layers() {
    return layers;
  }

  float[] outputNorm() {
    return outputNorm;
  }

  WeightMatrix output() {
    return output;
  }
}
