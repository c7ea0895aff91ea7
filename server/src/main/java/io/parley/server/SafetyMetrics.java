package io.parley.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.parley.safety.Finding;
import io.parley.safety.Refusal;
import io.parley.safety.pii.PiiGate;
import io.parley.safety.pii.PiiListener;
import io.parley.safety.rules.ModelRules;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * What the gates tell of themselves. Thread-safe.
 *
 * <ul>
 *   <li>{@code parley.pii.findings}: counter by gate, kind and action; at most 30 of them
 *   <li>{@code parley.safety.info}: 1 for each model, with the versions of its rules and of the
 *       search for personal data
 * </ul>
 */
record SafetyMetrics(MeterRegistry meters) implements PiiListener {
  @Override
  public void found(Refusal.Gate gate, List<Finding> findings) {
    for (Finding each : findings) {
      meters
          .counter(
              "parley.pii.findings",
              "gate",
              gate.name().toLowerCase(Locale.ROOT),
              "kind",
              each.kind().wireName(),
              "action",
              each.action().wireName())
          .increment(each.count());
    }
  }

  /** Says which versions each model is served with. */
  void inForce(ModelRules rules, Collection<String> models) {
    for (String model : models) {
      Gauge.builder("parley.safety.info", () -> 1)
          .description("versions of what a model is served with")
          .tag("model", model)
          .tag("rules", rules.of(model).version())
          .tag("pii", PiiGate.VERSION)
          .register(meters);
    }
  }
}
