package io.parley.gateway.slo;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The objectives of a server; each holds for every model by itself.
 *
 * @param leastBad how much has to have gone wrong in an alert's long window before it fires, at
 *     least 1
 */
public record Slos(Slo ttft, Slo interToken, Slo availability, int leastBad) {
  /**
   * 99 % of first texts within 5 s, 99 % of tokens within 250 ms, 99.9 % of requests, over 30 days;
   * alerts from ten on that went wrong.
   */
  public static final Slos DEFAULTS = of(5_000, 0.99, 250, 0.99, 0.999, 30, 10);

  public Slos {
    if (leastBad < 1) {
      throw new IllegalArgumentException("leastBad must be at least 1, was " + leastBad);
    }
  }

  /**
   * Objectives by their figures.
   *
   * @param ttftMs threshold in milliseconds
   * @param interTokenMs threshold in milliseconds
   * @param windowDays of all three
   * @param leastBad see {@link Slos}
   */
  public static Slos of(
      long ttftMs,
      double ttftObjective,
      long interTokenMs,
      double interTokenObjective,
      double availabilityObjective,
      int windowDays,
      int leastBad) {
    Duration window = Duration.ofDays(windowDays);
    return new Slos(
        new Slo(Slo.Kind.TTFT, ttftObjective, TimeUnit.MILLISECONDS.toNanos(ttftMs), window),
        new Slo(
            Slo.Kind.INTER_TOKEN,
            interTokenObjective,
            TimeUnit.MILLISECONDS.toNanos(interTokenMs),
            window),
        new Slo(Slo.Kind.AVAILABILITY, availabilityObjective, 0, window),
        leastBad);
  }

  List<Slo> all() {
    return List.of(ttft, interToken, availability);
  }
}
