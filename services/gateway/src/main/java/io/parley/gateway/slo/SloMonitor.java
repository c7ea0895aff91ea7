package io.parley.gateway.slo;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.parley.common.TimeSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Watches the objectives, each for every model by itself. Thread-safe; {@link #tick} is to be
 * called every few seconds, and what it finds is logged when it changes.
 *
 * <p>It knows what this process has seen: after a restart the windows fill again, while a
 * Prometheus that scrapes the same counters remembers. Usage events could not fill them: what the
 * model never began with has none, which is what availability is about when there is no room, and
 * none says how long its further tokens took.
 *
 * <p>Metrics: {@code parley.slo.objective}, a gauge by slo; {@code parley.slo.alert.least.bad}, a
 * gauge; {@code parley.slo.events}, a counter by slo, model and result (good, bad); {@code
 * parley.slo.budget.remaining}, a gauge by slo and model; {@code parley.slo.burn.rate} and {@code
 * parley.slo.alert}, gauges by slo, model, alert and severity.
 */
public final class SloMonitor {
  private record Key(Slo.Kind kind, String model) {}

  private final Slos slos;
  private final MeterRegistry meters;
  private final TimeSource time;
  private final Map<Key, WatchedSlo> watched = new ConcurrentHashMap<>();

  /** Nothing counted yet. */
  public SloMonitor(Slos slos, MeterRegistry meters, TimeSource time) {
    this.slos = slos;
    this.meters = meters;
    this.time = time;
    Gauge.builder("parley.slo.alert.least.bad", slos, Slos::leastBad)
        .strongReference(true)
        .register(meters);
    for (Slo slo : slos.all()) {
      Gauge.builder("parley.slo.objective", slo, Slo::objective)
          .tag("slo", slo.kind().wireName())
          .strongReference(true)
          .register(meters);
    }
  }

  public Slos slos() {
    return slos;
  }

  /**
   * The counter of an objective for a model, which the caller keeps; the models are those that are
   * served, so there are few.
   */
  public SloCounter counter(Slo slo, String model) {
    return watched.computeIfAbsent(new Key(slo.kind(), model), key -> watch(slo, model)).counter();
  }

  /** A counter that nobody looks at. */
  public static SloCounter unwatched(Slo slo) {
    return new SloCounter(slo);
  }

  private WatchedSlo watch(Slo slo, String model) {
    WatchedSlo made = new WatchedSlo(slo, model, slos.leastBad(), nowMs());
    made.bindTo(meters);
    return made;
  }

  /** Looks at all counters. */
  public void tick() {
    long now = nowMs();
    watched.values().forEach(each -> each.tick(now));
  }

  /** How the objectives stood at the last tick, by model and kind. */
  public List<SloStatus> status() {
    return watched.values().stream()
        .map(WatchedSlo::status)
        .sorted(Comparator.comparing(SloStatus::model).thenComparing(status -> status.slo().kind()))
        .toList();
  }

  private long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(time.nanoTime());
  }
}
