package io.parley.bench;

import io.parley.engine.sampling.SamplingParameters;
import java.util.List;

/** A way to draw tokens from logits. */
record Drawing(String description, SamplingParameters parameters) {
  /** From the cheapest to the dearest. */
  static final List<Drawing> ALL =
      List.of(
          new Drawing("temperature 0", new SamplingParameters(0, 0, 1, 1)),
          new Drawing("temperature 1", new SamplingParameters(1, 0, 1, 1)),
          new Drawing("temperature 1, top_p 0.95", new SamplingParameters(1, 0, 0.95, 1)));
}
