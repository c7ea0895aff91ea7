package io.parley.training.llama;

import java.util.List;

/** What one step learns from: groups of windows, each group with its own window length. */
public record Batch(List<Windows> groups) {
  public Batch {
    groups = List.copyOf(groups);
  }

  /** The sum of all target weights: what a mean loss is divided by. */
  public double weight() {
    return groups.stream().mapToDouble(Windows::weight).sum();
  }
}
