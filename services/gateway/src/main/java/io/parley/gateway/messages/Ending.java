package io.parley.gateway.messages;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.observation.Outcome;
import io.parley.ports.model.StopReason;
import io.parley.ports.model.Usage;
import io.parley.safety.Refusal;
import org.jspecify.annotations.Nullable;

/** How an answer is going to end, from the moment when that is decided. */
sealed interface Ending {
  /** What a request took could not be written down: nobody pays for it, and nobody gets it. */
  Ending UNACCOUNTED =
      new Failed(ErrorCode.API, "The answer cannot be accounted for", ParleyException.NO_RETRY);

  /** As the accounts have it. */
  Conclusion.Outcome outcome();

  /** As figures and timelines have it. */
  Outcome observed();

  /** What the client is told of a failure; empty for none. */
  String why();

  /** Makes the last of the answer ready, before it is written down. */
  void prepare(AnswerWriter writer, Usage usage);

  /** Writes the last of the answer. */
  void write(AnswerWriter writer, Usage usage);

  /** The model came to an end. */
  record Completed(StopReason reason, @Nullable String stopSequence) implements Ending {
    @Override
    public Outcome observed() {
      return Outcome.ANSWERED;
    }

    @Override
    public String why() {
      return "";
    }

    @Override
    public Conclusion.Outcome outcome() {
      return new Conclusion.Outcome.Answered(AnswerEnd.wireName(reason));
    }

    @Override
    public void prepare(AnswerWriter writer, Usage usage) {
      writer.prepare(AnswerEnd.completed(reason, stopSequence, usage));
    }

    @Override
    public void write(AnswerWriter writer, Usage usage) {
      writer.end(AnswerEnd.completed(reason, stopSequence, usage));
    }
  }

  /** A gate ended it. */
  record Refused(Refusal refusal) implements Ending {
    @Override
    public Outcome observed() {
      return Outcome.REFUSED;
    }

    @Override
    public String why() {
      return "";
    }

    @Override
    public Conclusion.Outcome outcome() {
      return new Conclusion.Outcome.Answered(AnswerEnd.REFUSAL);
    }

    @Override
    public void prepare(AnswerWriter writer, Usage usage) {
      writer.prepare(AnswerEnd.refused(refusal, usage));
    }

    @Override
    public void write(AnswerWriter writer, Usage usage) {
      writer.end(AnswerEnd.refused(refusal, usage));
    }
  }

  /** A fault ended it, or the server. */
  record Failed(ErrorCode code, String message, long retryAfterMs) implements Ending {
    @Override
    public Outcome observed() {
      return Outcome.failed(code);
    }

    @Override
    public String why() {
      return message;
    }

    @Override
    public Conclusion.Outcome outcome() {
      return new Conclusion.Outcome.Failed(code);
    }

    @Override
    public void prepare(AnswerWriter writer, Usage usage) {}

    @Override
    public void write(AnswerWriter writer, Usage usage) {
      writer.fail(code, message, retryAfterMs);
    }
  }

  /** The client is gone. */
  record Abandoned() implements Ending {
    @Override
    public Outcome observed() {
      return Outcome.ABANDONED;
    }

    @Override
    public String why() {
      return "";
    }

    @Override
    public Conclusion.Outcome outcome() {
      return new Conclusion.Outcome.Abandoned();
    }

    @Override
    public void prepare(AnswerWriter writer, Usage usage) {}

    @Override
    public void write(AnswerWriter writer, Usage usage) {}
  }
}
