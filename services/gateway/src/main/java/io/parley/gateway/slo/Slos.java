package io.parley.gateway.slo;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The objectives of a server; each holds for every model by itself. */
public record Slos(Slo ttft, Slo interToken, Slo availability) {
  /**
   * 99 % of first texts within 5 s, 99 % of tokens within 250 ms, 99.9 % of requests, over 30 days.
   */
  public static final Slos DEFAULTS = of(5_000, 0.99, 250, 0.99, 0.999, 30);

  /**
   * Objectives by their figures.
   *
   * @param ttftMs threshold in milliseconds
   * @param interTokenMs threshold in milliseconds
   * @param windowDays of all three
   */
  public static Slos of(
      long ttftMs,
      double ttftObjective,
      long interTokenMs,
      double interTokenObjective,
      double availabilityObjective,
      int windowDays) {
    Duration window = Duration.ofDays(windowDays);
    return new Slos(
        new Slo(Slo.Kind.TTFT, ttftObjective, TimeUnit.MILLISECONDS.toNanos(ttftMs), window),
        new Slo(
            Slo.Kind.INTER_TOKEN,
            interTokenObjective,
            TimeUnit.MILLISECONDS.toNanos(interTokenMs),
            window),
        new Slo(Slo.Kind.AVAILABILITY, availabilityObjective, 0, window));
  }

  List<Slo> all() {
    return List.of(ttft, interToken, availability);
  }
}
