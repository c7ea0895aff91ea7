package io.parley.gateway.messages;

import io.parley.common.TimeSource;
import io.parley.ports.model.Usage;
import io.parley.safety.Refusal;
import java.util.concurrent.TimeUnit;

/** Measures one answer. Belongs to the thread that writes it. */
final class AnswerMeter {
  private final GatewayMeters meters;
  private final GatewayMeters.ModelMeters model;
  private final TimeSource time;
  private long lastNanos;
  private int lastTokens;
  private boolean begun;

  AnswerMeter(
      GatewayMeters meters, GatewayMeters.ModelMeters model, TimeSource time, long receivedNanos) {
    this.meters = meters;
    this.model = model;
    this.time = time;
    this.lastNanos = receivedNanos;
  }

  /**
   * Text was written.
   *
   * @param tokens tokens generated so far
   */
  void wrote(int tokens) {
    long now = time.nanoTime();
    if (!begun) {
      begun = true;
      model.firstToken().record(now - lastNanos, TimeUnit.NANOSECONDS);
    } else {
      long perToken = (now - lastNanos) / Math.max(1, tokens - lastTokens);
      model.interToken().record(perToken, TimeUnit.NANOSECONDS);
    }
    lastNanos = now;
    lastTokens = tokens;
  }

  /** The model began with the prompt, which waited for that. */
  void queued(long queueMs) {
    model.queue().record(queueMs, TimeUnit.MILLISECONDS);
  }

  /** The generation ended and took this. */
  void used(Usage usage) {
    model.used(usage);
  }

  void refused(Refusal refusal) {
    meters.refused(refusal);
  }
}
