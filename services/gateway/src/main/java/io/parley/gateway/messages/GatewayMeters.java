package io.parley.gateway.messages;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.parley.ports.model.Usage;
import io.parley.safety.Refusal;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The gateway's figures, beside those of {@link io.parley.gateway.observation}. Thread-safe.
 *
 * <ul>
 *   <li>{@code parley.http.requests}: timer by route and status, from the head of the request to
 *       the last byte of the answer
 *   <li>{@code parley.tokens.input}, {@code parley.tokens.output}, {@code
 *       parley.tokens.cache.creation}, {@code parley.tokens.cache.read}: counters by model, as the
 *       answers' {@code usage} tells them
 *   <li>{@code parley.messages.open}: calls of the Messages API under way
 *   <li>{@code parley.gate.refusals}: counter by gate and category
 * </ul>
 */
public final class GatewayMeters {
  private final MeterRegistry registry;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<Route, Timer> routes = new ConcurrentHashMap<>();
  private final Map<String, ModelMeters> models = new ConcurrentHashMap<>();

  public GatewayMeters(MeterRegistry registry) {
    this.registry = registry;
    registry.gauge("parley.messages.open", open);
  }

  /** Counts a finished request; {@code route} is a template, never a path that a client chose. */
  public void request(String route, int status, long nanos) {
    routes
        .computeIfAbsent(new Route(route, status), this::timer)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Calls of the Messages API under way; whoever begins one counts it up, and down at its end. */
  public AtomicInteger open() {
    return open;
  }

  /** A generation of a model took this. */
  void used(String modelId, Usage usage) {
    models.computeIfAbsent(modelId, id -> new ModelMeters(registry, id)).used(usage);
  }

  void refused(Refusal refusal) {
    registry
        .counter(
            "parley.gate.refusals",
            "gate",
            refusal.gate().name().toLowerCase(Locale.ROOT),
            "category",
            refusal.category())
        .increment();
  }

  private Timer timer(Route route) {
    return registry.timer(
        "parley.http.requests", "route", route.path(), "status", Integer.toString(route.status()));
  }

  private record Route(String path, int status) {}

  /** The figures of one model. */
  record ModelMeters(Counter input, Counter output, Counter cacheCreation, Counter cacheRead) {
    ModelMeters(MeterRegistry registry, String model) {
      this(
          registry.counter("parley.tokens.input", "model", model),
          registry.counter("parley.tokens.output", "model", model),
          registry.counter("parley.tokens.cache.creation", "model", model),
          registry.counter("parley.tokens.cache.read", "model", model));
    }

    void used(Usage usage) {
      input.increment(usage.inputTokens());
      output.increment(usage.outputTokens());
      cacheCreation.increment(usage.cacheCreationTokens());
      cacheRead.increment(usage.cacheReadTokens());
    }
  }
}
