package io.parley.model.safetensors;

import io.parley.model.source.ModelFileException;
import io.parley.model.tensor.Tensor;
import io.parley.model.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gives tensors the names and values that they would have in a GGUF file. */
final class TensorTranslation {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String model;
  private final Convention convention;
  private final ModelConfig config;

  TensorTranslation(String model, Convention convention, ModelConfig config) {
    this.model = model;
    this.convention = convention;
    this.config = config;
  }

  Map<String, Tensor> translate(Map<String, Tensor> tensors) {
    TensorNames names = new TensorNames(convention);
    Map<String, Tensor> out = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          String translated = names.translate(name);
          if (!isLeftOut(name, translated)
              && out.put(translated, values(translated, tensor)) != null) {
            throw new ModelFileException(
                "%s: tensor %s stands for %s, which there is twice"
                    .formatted(model, name, translated));
          }
        });
    if (!config.tied() && !out.containsKey(TensorNames.OUTPUT)) {
      throw new ModelFileException(
          model + ": tensor lm_head.weight is missing, though tie_word_embeddings is false");
    }
    float[] divisors = config.ropeDivisors();
    if (divisors.length > 0) {
      String name = TensorNames.ROTATION_DIVISORS;
      out.put(name, floats(name, List.of((long) divisors.length), divisors));
    }
    return out;
  }

  private boolean isLeftOut(String name, String translated) {
    return TensorNames.isRedundant(name)
        || (translated.equals(TensorNames.OUTPUT) && config.tied());
  }

  private Tensor values(String name, Tensor tensor) {
    boolean turned = name.endsWith(".attn_q.weight") || name.endsWith(".attn_k.weight");
    if (convention.interleaved() && turned) {
      return interleaved(name, tensor);
    }
    if (convention.gemma() && name.endsWith("norm.weight")) {
      return withOne(name, tensor);
    }
    return new Tensor(name, tensor.dimensions(), tensor.type(), tensor.bytes());
  }

  private Tensor interleaved(String name, Tensor tensor) {
    long rowBytes = tensor.type().bytes(tensor.dimensions().getFirst());
    int head = config.headSize();
    long rows = tensor.bytes().byteSize() / rowBytes;
    if (tensor.dimensions().size() != 2 || rows % head != 0 || head % 2 != 0) {
      throw new ModelFileException(
          "%s: tensor %s of %s does not consist of heads of %d"
              .formatted(model, tensor.name(), tensor.dimensions(), head));
    }
    return new Tensor(
        name,
        tensor.dimensions(),
        tensor.type(),
        new InterleavedRows(tensor.bytes(), rowBytes, head));
  }

  private static Tensor withOne(String name, Tensor tensor) {
    float[] values = tensor.values();
    for (int i = 0; i < values.length; i++) {
      values[i] += 1;
    }
    return floats(name, tensor.dimensions(), values);
  }

  private static Tensor floats(String name, List<Long> dimensions, float[] values) {
    MemorySegment out =
        MemorySegment.ofArray(new byte[Math.multiplyExact(values.length, Float.BYTES)]);
    for (int i = 0; i < values.length; i++) {
      out.set(FLOAT, (long) i * Float.BYTES, values[i]);
    }
    return new Tensor(name, dimensions, TensorType.F32, out);
  }
}
