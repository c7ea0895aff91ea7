package io.parley.model.llama;

import io.parley.model.gguf.GgufException;
import io.parley.model.gguf.GgufFile;
import io.parley.model.kernel.Kernels;
import io.parley.model.kernel.WeightMatrix;
import io.parley.model.tensor.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Takes tensors out of a file one by one, checked, and knows at the end which were not taken. */
final class LlamaTensors {
  private final GgufFile file;
  private final Kernels kernels;
  private final Set<String> taken = new HashSet<>();

  LlamaTensors(GgufFile file, Kernels kernels) {
    this.file = file;
    this.kernels = kernels;
  }

  boolean has(String name) {
    return file.tensors().containsKey(name);
  }

  WeightMatrix matrix(String name, int columns, int rows) {
    Tensor tensor = take(name, List.of((long) columns, (long) rows));
    try {
      return kernels.matrix(tensor);
    } catch (IllegalArgumentException e) {
      throw new GgufException(file.name() + ": " + e.getMessage());
    }
  }

  float[] vector(String name, int length) {
    float[] values = take(name, List.of((long) length)).values();
    for (int i = 0; i < length; i++) {
      if (!Float.isFinite(values[i])) {
        throw failure(name, "is not finite at " + i);
      }
    }
    return values;
  }

  private Tensor take(String name, List<Long> dimensions) {
    Tensor tensor = file.tensor(name);
    if (!tensor.dimensions().equals(dimensions)) {
      throw failure(
          name, "must have dimensions %s, not %s".formatted(dimensions, tensor.dimensions()));
    }
    taken.add(name);
    return tensor;
  }

  /** A tensor that nobody takes would change the model's answers if it were understood. */
  void requireAllTaken() {
    for (String name : file.tensors().keySet()) {
      if (!taken.contains(name)) {
        throw failure(name, "is no part of this architecture");
      }
    }
  }

  private GgufException failure(String name, String problem) {
    return new GgufException(file.name() + ": tensor " + name + " " + problem);
  }
}
