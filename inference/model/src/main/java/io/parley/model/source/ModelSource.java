package io.parley.model.source;

import io.parley.model.tensor.Tensor;
import java.util.Map;

/**
 * An open model: typed metadata and named tensors. Immutable and thread-safe; tensors are readable
 * until it is closed.
 *
 * <p>Names and conventions are those of GGUF (github.com/ggml-org/ggml, {@code docs/gguf.md}), also
 * where the files are not: a source of another format translates. So an architecture is written
 * once, and the same weights give the same bits whichever way they came.
 */
public interface ModelSource extends AutoCloseable {
  /** The name that errors about this model begin with. */
  String name();

  Metadata metadata();

  /** All tensors by name. */
  Map<String, Tensor> tensors();

  /**
   * The tensor with this name.
   *
   * @throws ModelFileException if there is none
   */
  default Tensor tensor(String tensorName) {
    Tensor tensor = tensors().get(tensorName);
    if (tensor == null) {
      throw new ModelFileException(name() + ": tensor " + tensorName + " is missing");
    }
    return tensor;
  }

  /** Closes the files; no tensor can be read afterwards. */
  @Override
  void close();
}
