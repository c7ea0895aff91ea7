package io.parley.model.decoder;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * What one layer's queries see.
 *
 * @param rotation how positions enter; empty for a layer that knows none
 * @param window how many positions a token attends to, its own and those just before it; 0 for all
 */
public record LayerAttention(Optional<Rotation> rotation, int window) {
  /** A window as wide as any context. */
  public static final int ALL = 0;

  public LayerAttention {
    if (window < 0) {
      throw new IllegalArgumentException("window must be at least 0, not " + window);
    }
  }

  /** Attention to everything before. */
  public static LayerAttention global(Rotation rotation) {
    return new LayerAttention(Optional.of(rotation), ALL);
  }

  /** Attention to the last {@code window} positions. */
  public static LayerAttention local(Rotation rotation, int window) {
    return new LayerAttention(Optional.of(rotation), window);
  }

  /** One for each layer, by its index from 0. */
  public static List<LayerAttention> each(int layers, IntFunction<LayerAttention> attention) {
    return IntStream.range(0, layers).mapToObj(attention).toList();
  }
}
