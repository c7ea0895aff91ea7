package io.parley.gateway.messages;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.model.Generation;
import io.parley.ports.model.GenerationEvent;
import io.parley.ports.model.Usage;
import io.parley.safety.OutputScreen;
import io.parley.safety.Refusal;
import io.parley.safety.ReleasedText;
import io.parley.safety.Screening;

/**
 * One answer on its way out: takes what the model generates, lets the output gate screen it, and
 * writes what is released. It makes sure that there is one end and nothing after it, whoever ends
 * it first: the model, a gate, the client or the server.
 *
 * <p>Belongs to the thread that writes; {@link #attach} alone may be called from another.
 */
public final class Answer {
  private final AnswerHead head;
  private final OutputScreen screen;
  private final AnswerWriter writer;
  private final AnswerMeter meter;
  private final CancelSwitch generation = new CancelSwitch();
  private boolean begun;
  private boolean ended;
  private Usage usage = new Usage(0, 0);

  Answer(AnswerHead head, OutputScreen screen, AnswerWriter writer, AnswerMeter meter) {
    this.head = head;
    this.screen = screen;
    this.writer = writer;
    this.meter = meter;
  }

  /** Names the generation to cancel when the answer ends before it. */
  void attach(Generation started) {
    generation.attach(started);
  }

  /** Takes what the model did; after the answer's end only its usage is still counted. */
  public void on(GenerationEvent event) {
    switch (event) {
      case GenerationEvent.Started(Usage prompt, long queueMs) -> begin(prompt, queueMs);
      case GenerationEvent.Text(String text, int tokens) -> text(text, tokens);
      case GenerationEvent.Ended end -> {
        meter.used(end.usage());
        ended(end);
      }
    }
  }

  /** A gate refused the prompt: there is nothing to generate. */
  void refuse(Refusal refusal) {
    begin(usage, 0);
    endRefused(refusal);
  }

  /** Ends the answer from the server's side. */
  public void abort(ErrorCode code, String message) {
    abort(code, message, ParleyException.NO_RETRY);
  }

  private void abort(ErrorCode code, String message, long retryAfterMs) {
    if (!ended) {
      ended = true;
      generation.cancel();
      writer.fail(code, message, retryAfterMs);
    }
  }

  /** The client is gone: nothing more is written, and nothing more needs to be generated. */
  public void abandon() {
    ended = true;
    generation.cancel();
  }

  public boolean isEnded() {
    return ended;
  }

  private void begin(Usage prompt, long queueMs) {
    if (!ended && !begun) {
      begun = true;
      usage = prompt;
      meter.queued(queueMs);
      writer.begin(head, prompt, queueMs);
    }
  }

  private void text(String text, int tokens) {
    if (!ended) {
      usage = usage.withOutput(tokens);
      write(screen.accept(text, tokens));
    }
  }

  private void ended(GenerationEvent.Ended event) {
    if (ended) {
      return;
    }
    switch (event) {
      case GenerationEvent.Completed completed -> complete(completed);
      case GenerationEvent.Failed failed -> fail(failed);
      case GenerationEvent.Cancelled cancelled ->
          abort(ErrorCode.API, "The generation was cancelled by the server");
    }
  }

  private void complete(GenerationEvent.Completed event) {
    usage = event.usage();
    if (write(screen.finish())) {
      ended = true;
      writer.end(AnswerEnd.completed(event.stopReason(), event.stopSequence(), usage));
    }
  }

  /** What was written before the failure stands, as far as the gate lets it pass. */
  private void fail(GenerationEvent.Failed event) {
    if (write(screen.finish())) {
      abort(event.code(), event.message(), event.retryAfterMs());
    }
  }

  /** Whether the answer goes on. */
  private boolean write(Screening screening) {
    return switch (screening) {
      case Screening.Released(ReleasedText released) -> {
        if (!released.isEmpty()) {
          writer.text(released);
          meter.wrote(usage.outputTokens());
        }
        yield true;
      }
      case Screening.Halted(Refusal refusal) -> {
        generation.cancel();
        endRefused(refusal);
        yield false;
      }
    };
  }

  private void endRefused(Refusal refusal) {
    if (!ended) {
      ended = true;
      meter.refused(refusal);
      writer.end(AnswerEnd.refused(refusal, usage));
    }
  }
}
