package io.parley.model.decoder;

import io.parley.model.kernel.Kernels;
import io.parley.model.kernel.WeightMatrix;
import io.parley.model.source.ModelFileException;
import io.parley.model.source.ModelSource;
import io.parley.model.tensor.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Takes tensors out of a model one by one, checked, and knows at the end which were not taken. */
final class DecoderTensors {
  private final ModelSource source;
  private final Kernels kernels;
  private final Set<String> taken = new HashSet<>();

  DecoderTensors(ModelSource source, Kernels kernels) {
    this.source = source;
    this.kernels = kernels;
  }

  boolean has(String name) {
    return source.tensors().containsKey(name);
  }

  /** A tensor that must be a matrix of this shape. */
  record Wanted(String name, int columns, int rows) {}

  WeightMatrix matrix(String name, int columns, int rows) {
    return matrices(List.of(new Wanted(name, columns, rows))).getFirst();
  }

  /** Matrices that belong together, in the order of what is wanted. */
  List<WeightMatrix> matrices(List<Wanted> wanted) {
    try {
      return kernels.matrices(wanted.stream().map(this::take).toList());
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(source.name() + ": " + e.getMessage());
    }
  }

  private Tensor take(Wanted wanted) {
    return take(wanted.name, List.of((long) wanted.columns, (long) wanted.rows));
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
    Tensor tensor = source.tensor(name);
    if (!tensor.dimensions().equals(dimensions)) {
      throw failure(
          name, "must have dimensions %s, not %s".formatted(dimensions, tensor.dimensions()));
    }
    taken.add(name);
    return tensor;
  }

  /** Counts a tensor as taken that the configuration was made from. */
  void takeIfThere(String name) {
    if (has(name)) {
      taken.add(name);
    }
  }

  /** A tensor that nobody takes would change the model's answers if it were understood. */
  void requireAllTaken() {
    for (String name : source.tensors().keySet()) {
      if (!taken.contains(name)) {
        throw failure(name, "is no part of this architecture");
      }
    }
  }

  private ModelFileException failure(String name, String problem) {
    return new ModelFileException(source.name() + ": tensor " + name + " " + problem);
  }
}
