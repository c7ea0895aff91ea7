package io.parley.serving;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.engine.EngineEvent;
import io.parley.engine.FinishReason;
import io.parley.engine.SequenceRequest;
import io.parley.ports.model.Generation;
import io.parley.ports.model.GenerationEvent;
import io.parley.ports.model.GenerationListener;
import io.parley.ports.model.StopReason;
import io.parley.ports.model.Usage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One generation: the handle that the caller holds, and the translation of the engine's events for
 * its listener. {@link #cancel} may be called from any thread, all else from the engine's.
 */
final class Stream implements Generation {
  private static final Logger log = LoggerFactory.getLogger(Stream.class);
  private static final long NANOS_PER_MS = 1_000_000;

  private final long id;
  private final String requestId;
  private final SequenceRequest request;
  private final int markedTokens;
  private final GenerationListener listener;
  private final Intake intake;
  private final AtomicBoolean settled = new AtomicBoolean(); // ended, or asked to
  private Usage usage;

  Stream(
      long id,
      String requestId,
      SequenceRequest request,
      int markedTokens,
      GenerationListener listener,
      Intake intake) {
    this.id = id;
    this.requestId = requestId;
    this.request = request;
    this.markedTokens = markedTokens;
    this.usage = prompt(0);
    this.listener = listener;
    this.intake = intake;
  }

  long id() {
    return id;
  }

  SequenceRequest request() {
    return request;
  }

  @Override
  public void cancel() {
    if (settled.compareAndSet(false, true)) {
      intake.cancel(this);
    }
  }

  void on(EngineEvent event) {
    switch (event) {
      case EngineEvent.Started start -> {
        usage = prompt(start.cachedTokens());
        tell(new GenerationEvent.Started(usage, start.waitedNanos() / NANOS_PER_MS));
      }
      case EngineEvent.Text text -> {
        usage = usage.withOutput(text.outputTokens());
        tell(new GenerationEvent.Text(text.text(), text.outputTokens()));
      }
      case EngineEvent.Ended end -> {
        log.debug("request {} ended: {}", requestId, end);
        end(translate(end, usage.withOutput(end.outputTokens())));
      }
    }
  }

  /** Ends it without the engine's help. */
  void fail(ErrorCode code, String message) {
    fail(code, message, ParleyException.NO_RETRY);
  }

  /** Ends it without the engine's help, with the time after which to try again. */
  void fail(ErrorCode code, String message, long retryAfterMs) {
    end(new GenerationEvent.Failed(code, message, usage, retryAfterMs));
  }

  private Usage prompt(int cachedTokens) {
    return Usage.ofPrompt(request.promptTokens().length, markedTokens, cachedTokens);
  }

  private void end(GenerationEvent.Ended event) {
    settled.set(true);
    tell(event);
  }

  private static GenerationEvent.Ended translate(EngineEvent.Ended end, Usage usage) {
    return switch (end) {
      case EngineEvent.Completed completed ->
          new GenerationEvent.Completed(
              translate(completed.reason()), completed.stopSequence(), usage);
      case EngineEvent.Failed failed ->
          new GenerationEvent.Failed(failed.code(), failed.message(), usage, failed.retryAfterMs());
      case EngineEvent.Cancelled _ -> new GenerationEvent.Cancelled(usage);
    };
  }

  private static StopReason translate(FinishReason reason) {
    return switch (reason) {
      case STOP_SEQUENCE -> StopReason.STOP_SEQUENCE;
      case END_TURN -> StopReason.END_TURN;
      case MAX_TOKENS -> StopReason.MAX_TOKENS;
      case CONTEXT_FULL -> StopReason.CONTEXT_WINDOW_EXCEEDED;
    };
  }

  /**
   * A listener that throws has broken its contract: its stream ends, the others must not notice.
   */
  private void tell(GenerationEvent event) {
    try {
      listener.on(event);
    } catch (Throwable t) {
      log.error("the listener of request {} threw; its stream is cancelled", requestId, t);
      cancel();
    }
  }
}
