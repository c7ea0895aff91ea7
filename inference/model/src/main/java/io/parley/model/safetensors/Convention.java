package io.parley.model.safetensors;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How the files of one {@code model_type} differ from GGUF's of the same architecture. */
enum Convention {
  LLAMA("llama", "llama", true, false),
  MISTRAL("mistral", "llama", true, false),
  SMOLLM3("smollm3", "smollm3", true, false),
  QWEN2("qwen2", "qwen2", false, false),
  QWEN3("qwen3", "qwen3", false, false),
  GEMMA2("gemma2", "gemma2", false, true),
  GEMMA3("gemma3_text", "gemma3", false, true);

  private final String modelType;
  private final String architecture;
  private final boolean interleaved;
  private final boolean gemma;

  Convention(String modelType, String architecture, boolean interleaved, boolean gemma) {
    this.modelType = modelType;
    this.architecture = architecture;
    this.interleaved = interleaved;
    this.gemma = gemma;
  }

  static Optional<Convention> of(String modelType) {
    return Arrays.stream(values()).filter(c -> c.modelType.equals(modelType)).findFirst();
  }

  static String supported() {
    return Arrays.stream(values()).map(c -> c.modelType).collect(Collectors.joining(", "));
  }

  /** GGUF's name of the architecture. */
  String architecture() {
    return architecture;
  }

  /**
   * Whether GGUF turns neighbouring dimensions of a head together, where these files turn halves:
   * rows of queries and keys then change places.
   */
  boolean interleaved() {
    return interleaved;
  }

  /** Whether norms lack the 1 that is added to their weights, and there are norms behind parts. */
  boolean gemma() {
    return gemma;
  }

  /** Whether the embedding is the output matrix, if the configuration does not say. */
  boolean tiedByDefault() {
    return gemma || this == SMOLLM3;
  }

  /** The names of activations that the architecture has. */
  List<String> activations() {
    return gemma ? List.of("gelu_pytorch_tanh") : List.of("silu", "swish");
  }
}
