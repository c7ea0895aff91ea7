package io.parley.model.decoder;

import io.parley.model.kernel.Kernels;
import io.parley.model.kernel.WeightMatrix;
import io.parley.model.source.ModelFileException;
import io.parley.model.source.ModelSource;
import io.parley.model.tensor.TensorType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The weights of a model, repacked for its kernels. Immutable and thread-safe. */
public final class DecoderModel {
  /** The tensor whose rows are the embeddings of tokens. */
  public static final String EMBEDDING = "token_embd.weight";

  /** The tensor that holds {@link Rotation#divisors}, in files that have them. */
  public static final String ROTATION_DIVISORS = "rope_freqs.weight";

  private final DecoderConfig config;
  private final Kernels kernels;
  private final WeightMatrix embedding;
  private final List<DecoderLayer> layers;
  private final float[] outputNorm;
  private final WeightMatrix output;

  private DecoderModel(
      DecoderConfig config,
      Kernels kernels,
      WeightMatrix embedding,
      List<DecoderLayer> layers,
      float[] outputNorm,
      WeightMatrix output) {
    this.config = config;
    this.kernels = kernels;
    this.embedding = embedding;
    this.layers = List.copyOf(layers);
    this.outputNorm = outputNorm;
    this.output = output;
  }

  /**
   * Reads the weights of a model; the source may be closed afterwards. Without {@code
   * output.weight} the embedding is the output matrix too.
   *
   * @param config as the model's family reads it from the same source
   * @throws ModelFileException if the source lacks a tensor or has one more than the architecture,
   *     or a tensor has another shape or a value that is not finite
   */
  public static DecoderModel read(DecoderConfig config, ModelSource source, Kernels kernels) {
    DecoderTensors tensors = new DecoderTensors(source, kernels);
    WeightMatrix embedding = tensors.matrix(EMBEDDING, config.width(), config.vocabularySize());
    List<DecoderLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      layers.add(DecoderLayer.read(tensors, config, "blk." + i + "."));
    }
    float[] outputNorm = tensors.vector("output_norm.weight", config.width());
    WeightMatrix output =
        tensors.has("output.weight")
            ? tensors.matrix("output.weight", config.width(), config.vocabularySize())
            : embedding;
    if (usesDivisors(config)) {
      tensors.takeIfThere(ROTATION_DIVISORS);
    }
    tensors.requireAllTaken();
    return new DecoderModel(config, kernels, embedding, layers, outputNorm, output);
  }

  private static boolean usesDivisors(DecoderConfig config) {
    return config.variant().attention().stream()
        .flatMap(attention -> attention.rotation().stream())
        .anyMatch(rotation -> !rotation.divisors().isEmpty());
  }

  public DecoderConfig config() {
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

  List<DecoderLayer> layers() {
    return layers;
  }

  float[] outputNorm() {
    return outputNorm;
  }

  WeightMatrix output() {
    return output;
  }
}
