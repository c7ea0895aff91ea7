package io.parley.model.family;

import io.parley.model.decoder.DecoderConfig;
import io.parley.model.decoder.DecoderModel;
import io.parley.model.decoder.RotaryLayout;
import io.parley.model.decoder.Rotation;
import io.parley.model.source.Metadata;
import io.parley.model.source.ModelSource;
import io.parley.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The metadata of one architecture: its keys begin with its name. */
final class FamilyKeys {
  private final ModelSource source;
  private final Metadata metadata;
  private final String prefix;

  FamilyKeys(ModelSource source, String architecture) {
    this.source = source;
    this.metadata = source.metadata();
    this.prefix = architecture + ".";
  }

  boolean has(String key) {
    return metadata.has(prefix + key);
  }

  int integer(String key, int min, int max) {
    return (int) metadata.integer(prefix + key, min, max);
  }

  int integer(String key, int min, int max, int absent) {
    return (int) metadata.integer(prefix + key, min, max, absent);
  }

  double number(String key, double absent) {
    return metadata.number(prefix + key, absent);
  }

  String string(String key, String absent) {
    return metadata.findString(prefix + key).orElse(absent);
  }

  RuntimeException failure(String key, String problem) {
    return metadata.failure(prefix + key, problem);
  }

  /** The sizes that all families share, with what makes this one of its family. */
  DecoderConfig config(Family family) {
    refuseUnsupported();
    int layers = integer("block_count", 1, DecoderConfig.MAX_LAYERS);
    int heads = heads();
    return new DecoderConfig(
        vocabularySize(),
        contextTokens(),
        width(),
        layers,
        heads,
        integer("attention.head_count_kv", 1, heads, heads),
        headSize(),
        integer("feed_forward_length", 1, DecoderConfig.MAX_WIDTH),
        (float) metadata.number(prefix + "attention.layer_norm_rms_epsilon"),
        family.variant(this, layers));
  }

  int width() {
    return integer("embedding_length", 1, DecoderConfig.MAX_WIDTH);
  }

  int contextTokens() {
    return integer("context_length", 1, DecoderConfig.MAX_CONTEXT_TOKENS);
  }

  int heads() {
    return integer("attention.head_count", 1, DecoderConfig.MAX_HEADS);
  }

  int headSize() {
    return integer(
        "attention.key_length", 1, DecoderConfig.MAX_HEAD_SIZE, Math.ceilDiv(width(), heads()));
  }

  /** How many positions a layer with a window sees. */
  int window(int absent) {
    return integer("attention.sliding_window", 1, DecoderConfig.MAX_CONTEXT_TOKENS, absent);
  }

  /** The rotation of layers without a window: base, scaling and divisors as the file says. */
  Rotation rotation(RotaryLayout layout) {
    int dimensions = integer("rope.dimension_count", 1, headSize(), headSize());
    return new Rotation(
        layout,
        dimensions,
        number("rope.freq_base", 10_000),
        divisors(),
        RopeScalingKeys.read(this));
  }

  private List<Float> divisors() {
    Tensor tensor = source.tensors().get(DecoderModel.ROTATION_DIVISORS);
    if (tensor == null) {
      return List.of();
    }
    if (tensor.elements() > DecoderConfig.MAX_HEAD_SIZE) {
      throw metadata.failure(
          prefix + "rope",
          "%s has dimensions %s".formatted(DecoderModel.ROTATION_DIVISORS, tensor.dimensions()));
    }
    List<Float> out = new ArrayList<>();
    for (float divisor : tensor.values()) {
      out.add(divisor);
    }
    return out;
  }

  /** The rows of the embedding, which the names of tokens must match if the file has any. */
  private int vocabularySize() {
    List<Long> dimensions = source.tensor(DecoderModel.EMBEDDING).dimensions();
    long rows = dimensions.size() == 2 ? dimensions.get(1) : -1;
    if (rows < 1 || rows > DecoderConfig.MAX_VOCABULARY) {
      throw metadata.failure(
          prefix + "vocab_size",
          "%s has dimensions %s".formatted(DecoderModel.EMBEDDING, dimensions));
    }
    String tokens = "tokenizer.ggml.tokens";
    if (metadata.has(tokens) && metadata.strings(tokens).size() != rows) {
      throw metadata.failure(
          tokens,
          "there are not " + rows + " tokens, one for each row of " + DecoderModel.EMBEDDING);
    }
    return (int) rows;
  }

  private void refuseUnsupported() {
    if (integer("expert_count", 0, Integer.MAX_VALUE, 0) > 0) {
      throw failure("expert_count", "a mixture of experts is not supported");
    }
    String valueLength = "attention.value_length";
    if (has(valueLength) && integer(valueLength, 1, DecoderConfig.MAX_HEAD_SIZE) != headSize()) {
      throw failure(valueLength, "must be equal to " + prefix + "attention.key_length");
    }
  }
}
