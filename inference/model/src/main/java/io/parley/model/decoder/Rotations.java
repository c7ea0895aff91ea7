package io.parley.model.decoder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rotation of each layer; layers that turn alike share its angles. Not thread-safe. */
final class Rotations {
  private final Map<Rotation, RotaryEmbedding> distinct = new LinkedHashMap<>();
  private final List<Optional<RotaryEmbedding>> byLayer = new ArrayList<>();

  Rotations(DecoderConfig config, int maxRows) {
    for (LayerAttention layer : config.variant().attention()) {
      byLayer.add(
          layer
              .rotation()
              .map(
                  rotation ->
                      distinct.computeIfAbsent(
                          rotation, r -> new RotaryEmbedding(r, config.headSize(), maxRows))));
    }
  }

  /** Computes the angles of a batch. */
  void prepare(int[] positions) {
    distinct.values().forEach(rotation -> rotation.prepare(positions));
  }

  /** The rotation of a layer, empty if it knows no positions. */
  Optional<RotaryEmbedding> of(int layer) {
    return byLayer.get(layer);
  }
}
