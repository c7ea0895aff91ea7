package io.parley.testkit;

import io.parley.common.ErrorCode;
import io.parley.ports.model.Generation;
import io.parley.ports.model.GenerationEvent;
import io.parley.ports.model.GenerationListener;
import io.parley.ports.model.GenerationRequest;
import io.parley.ports.model.StopReason;
import io.parley.ports.model.Usage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One generation of a {@link FakeModelPool}. The thread that calls plays the engine. It keeps the
 * contract of the port: one start, one end, nothing after the end, one event at a time; what comes
 * after the end is dropped, as an engine drops the rest of a cancelled sequence. Thread-safe.
 */
public final class FakeGeneration implements Generation {
  private static final int PATIENCE_S = 20;

  private final GenerationRequest request;
  private final GenerationListener listener;
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private Usage usage = new Usage(0, 0);
  private boolean ended;

  FakeGeneration(GenerationRequest request, GenerationListener listener) {
    this.request = request;
    this.listener = listener;
  }

  public GenerationRequest request() {
    return request;
  }

  /** Accepts the prompt. */
  public FakeGeneration start(int inputTokens) {
    return start(new Usage(inputTokens, 0));
  }

  /** Accepts the prompt, which has a cache marker. */
  public FakeGeneration start(Usage prompt) {
    return start(prompt, 0);
  }

  /** Accepts the prompt after it has waited. */
  public synchronized FakeGeneration start(Usage prompt, long queueMs) {
    usage = prompt;
    emit(new GenerationEvent.Started(prompt, queueMs));
    return this;
  }

  /** Writes text that is one token. */
  public FakeGeneration text(String text) {
    return text(text, 1);
  }

  /** Writes text that is several tokens. */
  public synchronized FakeGeneration text(String text, int tokens) {
    generated(tokens);
    emit(new GenerationEvent.Text(text, usage.outputTokens()));
    return this;
  }

  /** Ends the turn; the end-of-turn token counts. */
  public synchronized void endTurn() {
    generated(1);
    end(new GenerationEvent.Completed(StopReason.END_TURN, null, usage));
  }

  public synchronized void complete(StopReason reason, @Nullable String stopSequence) {
    end(new GenerationEvent.Completed(reason, stopSequence, usage));
  }

  public synchronized void fail(ErrorCode code, String message) {
    end(new GenerationEvent.Failed(code, message, usage));
  }

  /** Has no room, and says when there will be. */
  public synchronized void refuse(String message, long retryAfterMs) {
    end(new GenerationEvent.Failed(ErrorCode.OVERLOADED, message, usage, retryAfterMs));
  }

  @Override
  public synchronized void cancel() {
    cancelled.countDown();
    end(new GenerationEvent.Cancelled(usage));
  }

  public boolean isCancelled() {
    return cancelled.getCount() == 0;
  }

  /** Waits until somebody cancels; false if nobody does for a long time. */
  public boolean awaitCancel() {
    try {
      return cancelled.await(PATIENCE_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void generated(int tokens) {
    usage = usage.withOutput(usage.outputTokens() + tokens);
  }

  private void end(GenerationEvent.Ended event) {
    emit(event);
    ended = true;
  }

  private void emit(GenerationEvent event) {
    if (!ended) {
      listener.on(event);
    }
  }
}
