package io.parley.gateway.observation;

import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where the figures of one answer go: looked up when it begins, so that its tokens look up nothing.
 * Thread-safe.
 */
public sealed interface AnswerLevels {
  /** Nowhere: nobody waits for the answer. */
  AnswerLevels NONE = new Unmeasured();

  /** The prompt waited so long for the model. */
  void queued(long ms);

  /** The first text was written so long after the request came. */
  void firstToken(long nanos);

  /** A token of further text took so long. */
  void nextToken(long nanos);

  /** The meters behind it. */
  List<Timer> meters();

  /** The figures of an organisation and a model. */
  record Measured(Timer queue, Timer firstTokens, Timer interToken, ModelLevels model)
      implements AnswerLevels {
    @Override
    public void queued(long ms) {
      queue.record(ms, TimeUnit.MILLISECONDS);
    }

    @Override
    public void firstToken(long nanos) {
      firstTokens.record(nanos, TimeUnit.NANOSECONDS);
      model.firstToken(nanos);
    }

    @Override
    public void nextToken(long nanos) {
      interToken.record(nanos, TimeUnit.NANOSECONDS);
      model.nextToken(nanos);
    }

    @Override
    public List<Timer> meters() {
      return List.of(queue, firstTokens, interToken);
    }
  }

  /** None. */
  record Unmeasured() implements AnswerLevels {
    @Override
    public void queued(long ms) {}

    @Override
    public void firstToken(long nanos) {}

    @Override
    public void nextToken(long nanos) {}

    @Override
    public List<Timer> meters() {
      return List.of();
    }
  }
}
