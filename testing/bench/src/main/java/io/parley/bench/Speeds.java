package io.parley.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What an engine reaches with one model, in tokens a second.
 *
 * @param decode with this many sequences in a batch
 * @param prefill of one long prompt
 */
record Speeds(Map<Integer, Double> decode, double prefill) {
  static final int[] SEQUENCES = {1, 8, 16};

  Speeds {
    decode = Map.copyOf(decode);
  }

  /**
   * Reads {@code NAME=TOKENS_PER_SECOND} lines.
   *
   * @throws IllegalArgumentException if a figure is missing
   */
  static Speeds parse(Iterable<String> lines) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (String line : lines) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), Double.parseDouble(line.substring(equals + 1)));
      }
    }
    Map<Integer, Double> decode = new LinkedHashMap<>();
    for (int sequences : SEQUENCES) {
      decode.put(sequences, value(values, "decode-" + sequences));
    }
    return new Speeds(decode, value(values, "prefill"));
  }

  private static double value(Map<String, Double> values, String name) {
    Double value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the peer gave no " + name + ": " + values);
    }
    return value;
  }

  /**
   * Adds all figures to a report.
   *
   * @param engine stands before each name
   */
  void addTo(Report report, String engine, int promptTokens) {
    decode.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry ->
                report.add(
                    engine + "decode, " + entry.getKey() + " sequences",
                    entry.getValue(),
                    "tokens/s"));
    report.add(engine + "prefill, " + promptTokens + " tokens", prefill, "tokens/s");
    report.add(engine + "time to first token of that prompt", promptTokens / prefill * 1e3, "ms");
  }

  /** Adds how many times as fast these are as those of a peer. */
  void addRatios(Report report, String peer, Speeds theirs, int promptTokens) {
    for (int sequences : SEQUENCES) {
      report.add(
          "Parley / " + peer + ": decode, " + sequences + " sequences",
          speed(sequences) / theirs.speed(sequences),
          "×");
    }
    report.add(
        "Parley / " + peer + ": prefill, " + promptTokens + " tokens",
        prefill / theirs.prefill,
        "×");
  }

  private double speed(int sequences) {
    return Objects.requireNonNull(decode.get(sequences));
  }
}
