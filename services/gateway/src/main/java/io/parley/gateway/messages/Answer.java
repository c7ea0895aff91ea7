package io.parley.gateway.messages;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.observation.Occupancy;
import io.parley.gateway.observation.Stage;
import io.parley.ports.model.Generation;
import io.parley.ports.model.GenerationEvent;
import io.parley.ports.model.Usage;
import io.parley.safety.OutputScreen;
import io.parley.safety.Refusal;
import io.parley.safety.ReleasedText;
import io.parley.safety.Screening;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One answer on its way out: takes what the model generates, lets the output gate screen it, and
 * writes what is released. It makes sure that there is one end and nothing after it, whoever ends
 * it first: the model, a gate, the client or the server.
 *
 * <p>The end has three steps. It is decided, after which no text is written any more, and a
 * generation that still runs is cancelled. The generation ends, after which it is known what it
 * took, and the request is settled. Only when that is written down is the client told.
 *
 * <p>Belongs to the thread that writes; {@link #attach} alone may be called from another, and what
 * comes before {@link Call#deliver}.
 */
public final class Answer {
  private final AnswerHead head;
  private final OutputScreen screen;
  private final AnswerWriter writer;
  private final AnswerMeter meter;
  private final Settlement settlement;
  private final Call call;
  private final CancelSwitch generation = new CancelSwitch();
  private @Nullable Ending ending;
  private boolean begun;
  private Usage usage = new Usage(0, 0);

  Answer(
      AnswerHead head,
      OutputScreen screen,
      AnswerWriter writer,
      AnswerMeter meter,
      Settlement settlement,
      Call call) {
    this.head = head;
    this.screen = screen;
    this.writer = writer;
    this.meter = meter;
    this.settlement = settlement;
    this.call = call;
  }

  /** Names the generation to cancel when the answer ends before it. */
  void attach(Generation started) {
    generation.attach(started);
  }

  /** It is about to wait for the model; called before the model can say anything. */
  void waiting(Occupancy.Seat seat) {
    meter.waiting(seat);
  }

  /** Takes what the model did; after the answer's end is decided only its usage still counts. */
  public void on(GenerationEvent event) {
    switch (event) {
      case GenerationEvent.Started(Usage prompt, long queueMs) -> {
        meter.queued(queueMs);
        begin(prompt, queueMs);
      }
      case GenerationEvent.Text(String text, int tokens) -> text(text, tokens);
      case GenerationEvent.Ended end -> generated(end);
    }
  }

  /** A gate refused the prompt: there is nothing to generate. */
  void refuse(Refusal refusal) {
    begin(usage, 0);
    meter.refused(refusal);
    Ending refused = new Ending.Refused(refusal);
    ending = refused;
    refused.prepare(writer, usage);
    settle(refused, true);
  }

  /** Ends the answer from the server's side. */
  public void abort(ErrorCode code, String message) {
    cutOff(new Ending.Failed(code, message, ParleyException.NO_RETRY));
  }

  /**
   * Has the model stop. If it has finished all the same, or does so before it learns of this, then
   * that is the answer, and nothing was generated in vain.
   */
  public void cancel() {
    generation.cancel();
  }

  /** Nobody reads it any more: no more is written, and no more needs to be generated. */
  public void abandon() {
    cutOff(new Ending.Abandoned());
  }

  /** Whether its end is decided. */
  public boolean isEnding() {
    return ending != null;
  }

  private void cutOff(Ending how) {
    if (ending == null) {
      ending = how;
      generation.cancel();
    }
  }

  private void begin(Usage prompt, long queueMs) {
    if (!begun) {
      begun = true;
      usage = prompt;
      settlement.begun(prompt, queueMs);
      if (ending == null) {
        writer.begin(head, prompt, queueMs);
      }
    }
  }

  private void text(String text, int tokens) {
    if (ending == null) {
      usage = usage.withOutput(tokens);
      write(screen.accept(text, tokens));
    }
  }

  /** The generation is over, and what it took is known. */
  private void generated(GenerationEvent.Ended event) {
    meter.passed(Stage.DECODE);
    if (ending == null) {
      usage = event.usage();
      // What was written before a failure stands, as far as the gate lets it pass.
      write(screen.finish());
    }
    usage = event.usage();
    settlement.generated(event);
    meter.used(usage);
    Ending how = ending != null ? ending : endingOf(event);
    ending = how;
    if (begun) {
      how.prepare(writer, usage);
      CompletableFuture<?> _ =
          screen.audited().whenComplete((entry, failure) -> settle(how, failure == null));
    } else {
      settlement.release();
      finish(how);
    }
  }

  private static Ending endingOf(GenerationEvent.Ended event) {
    return switch (event) {
      case GenerationEvent.Completed completed ->
          new Ending.Completed(completed.stopReason(), completed.stopSequence());
      case GenerationEvent.Failed failed ->
          new Ending.Failed(failed.code(), failed.message(), failed.retryAfterMs());
      case GenerationEvent.Cancelled cancelled ->
          new Ending.Failed(
              ErrorCode.API,
              "The generation was cancelled by the server",
              ParleyException.NO_RETRY);
    };
  }

  private void write(Screening screening) {
    switch (screening) {
      case Screening.Released(ReleasedText released) -> {
        if (!released.isEmpty()) {
          writer.text(released);
          meter.wrote(usage.outputTokens());
        }
      }
      case Screening.Halted(Refusal refusal) -> {
        meter.refused(refusal);
        cutOff(new Ending.Refused(refusal));
      }
    }
  }

  /**
   * May run on the thread of the audit log: what is read here does not change any more.
   *
   * @param audited whether the audit log has what the gates decided
   */
  private void settle(Ending wanted, boolean audited) {
    meter.passed(Stage.OUTPUT_GATE);
    Ending how = audited ? wanted : Ending.UNACCOUNTED;
    settlement.conclude(
        how.outcome(),
        usage,
        written -> {
          meter.passed(Stage.SETTLE);
          call.run(() -> finish(written ? how : Ending.UNACCOUNTED));
        });
  }

  private void finish(Ending how) {
    ending = how;
    meter.finished(how, usage);
    how.write(writer, usage);
    call.over();
  }
}
