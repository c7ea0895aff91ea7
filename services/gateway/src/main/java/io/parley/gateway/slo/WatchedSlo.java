package io.parley.gateway.slo;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** One objective of one model, and how it stood when it was last looked at. Thread-safe. */
final class WatchedSlo {
  private static final Logger log = LoggerFactory.getLogger(WatchedSlo.class);

  /** Of the windows of alerts; a tenth of the shortest. */
  private static final Duration FINE_SLOT = Duration.ofSeconds(30);

  /** Of the window of the budget. */
  private static final Duration COARSE_SLOT = Duration.ofHours(1);

  private final Slo slo;
  private final String model;
  private final int leastBad;
  private final SloCounter counter;
  private final CountHistory fine; // guarded by this, as is the other
  private final CountHistory coarse;
  private volatile SloStatus status;

  WatchedSlo(Slo slo, String model, int leastBad, long nowMs) {
    this.slo = slo;
    this.model = model;
    this.leastBad = leastBad;
    this.counter = new SloCounter(slo);
    this.fine = new CountHistory(FINE_SLOT, BurnAlert.LONGEST, nowMs);
    this.coarse = new CountHistory(COARSE_SLOT, slo.window(), nowMs);
    this.status = SloStatus.untouched(slo, model);
  }

  SloCounter counter() {
    return counter;
  }

  SloStatus status() {
    return status;
  }

  /** Looks at the counters. */
  synchronized void tick(long nowMs) {
    Counts counts = counter.counts();
    fine.record(nowMs, counts);
    coarse.record(nowMs, counts);
    Counts inWindow = coarse.over(slo.window(), nowMs);
    double left = 1 - slo.burnRate(inWindow);
    SloStatus before = status;
    status = new SloStatus(slo, model, inWindow, left, alerts(nowMs));
    logChanges(before, status);
  }

  private List<SloStatus.AlertStatus> alerts(long nowMs) {
    return BurnAlert.ALL.stream().map(alert -> alert(alert, nowMs)).toList();
  }

  private SloStatus.AlertStatus alert(BurnAlert alert, long nowMs) {
    Counts inLong = fine.over(alert.longWindow(), nowMs);
    Counts inShort = fine.over(alert.shortWindow(), nowMs);
    return new SloStatus.AlertStatus(
        alert, slo.burnRate(inLong), slo.burnRate(inShort), inLong.bad() >= leastBad);
  }

  private void logChanges(SloStatus before, SloStatus now) {
    for (int i = 0; i < BurnAlert.ALL.size(); i++) {
      SloStatus.AlertStatus alert = now.alerts().get(i);
      if (alert.firing() != before.alerts().get(i).firing()) {
        log.atLevel(alert.firing() ? Level.WARN : Level.INFO)
            .addKeyValue("slo", slo.kind().wireName())
            .addKeyValue("model", model)
            .addKeyValue("alert", alert.alert().name())
            .addKeyValue("severity", alert.alert().severity().wireName())
            .log(
                "the error budget of {} for {} {} ({}): {} times as fast as it lasts over {}",
                slo.kind().wireName(),
                model,
                alert.firing() ? "burns too fast" : "does not burn too fast any more",
                alert.alert().severity().wireName(),
                Math.round(alert.longBurn() * 10) / 10.0,
                alert.alert().longWindow());
      }
    }
  }

  void bindTo(MeterRegistry meters) {
    events(meters, "good", SloCounter::good);
    events(meters, "bad", SloCounter::bad);
    Gauge.builder("parley.slo.budget.remaining", this, w -> w.status.budgetLeft())
        .tags("slo", slo.kind().wireName(), "model", model)
        .strongReference(true)
        .register(meters);
    for (int i = 0; i < BurnAlert.ALL.size(); i++) {
      int index = i;
      BurnAlert alert = BurnAlert.ALL.get(i);
      gauge(meters, alert, "parley.slo.burn.rate", w -> w.status.alerts().get(index).longBurn());
      gauge(
          meters,
          alert,
          "parley.slo.alert",
          w -> w.status.alerts().get(index).firing() ? 1.0 : 0.0);
    }
  }

  private void events(MeterRegistry meters, String result, ToDoubleFunction<SloCounter> value) {
    FunctionCounter.builder("parley.slo.events", counter, value)
        .tags("slo", slo.kind().wireName(), "model", model, "result", result)
        .register(meters);
  }

  private void gauge(
      MeterRegistry meters, BurnAlert alert, String name, ToDoubleFunction<WatchedSlo> value) {
    Gauge.builder(name, this, value)
        .tags("slo", slo.kind().wireName(), "model", model)
        .tags("alert", alert.name(), "severity", alert.severity().wireName())
        .strongReference(true)
        .register(meters);
  }
}
