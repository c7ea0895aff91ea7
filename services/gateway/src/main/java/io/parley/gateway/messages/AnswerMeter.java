package io.parley.gateway.messages;

import io.parley.gateway.observation.AnswerLevels;
import io.parley.gateway.observation.Occupancy;
import io.parley.gateway.observation.Stage;
import io.parley.gateway.observation.Timeline;
import io.parley.ports.model.Usage;
import io.parley.safety.Refusal;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Measures one answer: its figures, and the second half of its request's timeline. Belongs to the
 * thread that writes it.
 */
final class AnswerMeter {
  private final GatewayMeters meters;
  private final AnswerLevels levels;
  private final Timeline timeline;
  private Occupancy.@Nullable Seat seat;
  private long lastNanos;
  private int lastTokens;
  private boolean begun;

  AnswerMeter(GatewayMeters meters, AnswerLevels levels, Timeline timeline) {
    this.meters = meters;
    this.levels = levels;
    this.timeline = timeline;
  }

  /** It is about to wait for the model; called before the model can say anything. */
  void waiting(Occupancy.Seat taken) {
    seat = taken;
  }

  /** The model began with the prompt, which waited for that. */
  void queued(long queueMs) {
    levels.queued(queueMs);
    long submitted = timeline.endOf(Stage.TOKENIZE);
    long now = timeline.sinceReceivedNanos();
    long until = submitted == 0 ? now : submitted + TimeUnit.MILLISECONDS.toNanos(queueMs);
    timeline.passed(Stage.QUEUE, Math.min(now, until));
    if (seat != null) {
      seat.started();
    }
  }

  /**
   * Text was written.
   *
   * @param tokens tokens generated so far
   */
  void wrote(int tokens) {
    long now = timeline.sinceReceivedNanos();
    if (!begun) {
      begun = true;
      timeline.passed(Stage.PREFILL, now);
      levels.firstToken(now);
    } else {
      levels.nextToken((now - lastNanos) / Math.max(1, tokens - lastTokens));
    }
    lastNanos = now;
    lastTokens = tokens;
  }

  /** The generation ended and took this. */
  void used(Usage usage) {
    meters.used(timeline.modelId(), usage);
    if (seat != null) {
      seat.left();
    }
  }

  void refused(Refusal refusal) {
    meters.refused(refusal);
  }

  /** A stage is over. */
  void passed(Stage stage) {
    timeline.passed(stage);
  }

  /** The answer is over. */
  void finished(Ending how, Usage usage) {
    timeline.end(how.observed(), how.why(), usage);
  }
}
