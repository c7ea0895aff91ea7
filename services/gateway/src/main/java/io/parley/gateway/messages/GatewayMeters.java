package io.parley.gateway.messages;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.parley.common.TimeSource;
import io.parley.ports.model.Usage;
import io.parley.safety.Refusal;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The gateway's figures. Thread-safe.
 *
 * <ul>
 *   <li>{@code parley.http.requests}: timer by route and status, from the head of the request to
 *       the last byte of the answer
 *   <li>{@code parley.messages.queue}: timer by model, time that a prompt waited for its turn
 *   <li>{@code parley.messages.ttft}: timer by model, from the head of the request to the first
 *       text written
 *   <li>{@code parley.messages.inter.token}: timer by model, time between two writes of text
 *       divided by the tokens generated between them
 *   <li>{@code parley.tokens.input}, {@code parley.tokens.output}, {@code
 *       parley.tokens.cache.creation}, {@code parley.tokens.cache.read}: counters by model, as the
 *       answers' {@code usage} tells them
 *   <li>{@code parley.messages.open}: calls of the Messages API under way
 *   <li>{@code parley.gate.refusals}: counter by gate and category
 * </ul>
 */
public final class GatewayMeters {
  private final MeterRegistry registry;
  private final TimeSource time;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<Route, Timer> routes = new ConcurrentHashMap<>();
  private final Map<String, ModelMeters> models = new ConcurrentHashMap<>();

  public GatewayMeters(MeterRegistry registry, TimeSource time) {
    this.registry = registry;
    this.time = time;
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

  AnswerMeter answer(String modelId, long receivedNanos) {
    ModelMeters meters = models.computeIfAbsent(modelId, id -> new ModelMeters(registry, id));
    return new AnswerMeter(this, meters, time, receivedNanos);
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
  record ModelMeters(
      Timer queue,
      Timer firstToken,
      Timer interToken,
      Counter input,
      Counter output,
      Counter cacheCreation,
      Counter cacheRead) {
    ModelMeters(MeterRegistry registry, String model) {
      this(
          registry.timer("parley.messages.queue", "model", model),
          registry.timer("parley.messages.ttft", "model", model),
          registry.timer("parley.messages.inter.token", "model", model),
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
