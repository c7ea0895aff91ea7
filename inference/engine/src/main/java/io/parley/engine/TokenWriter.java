package io.parley.engine;

import io.parley.common.ParleyException;
import io.parley.engine.sampling.Sampler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** From a row of logits to the next token of a sequence, its text, and maybe its end. */
final class TokenWriter {
  private final Vocabulary vocabulary;
  private final int contextTokens;
  private final Sampler sampler;
  private final Consumer<EngineEvent> events;

  TokenWriter(Vocabulary vocabulary, int contextTokens, Consumer<EngineEvent> events) {
    this.vocabulary = vocabulary;
    this.contextTokens = contextTokens;
    this.sampler = new Sampler(vocabulary.size());
    this.events = events;
  }

  /**
   * Draws a token and appends it.
   *
   * @return why the sequence is finished now, null if it goes on
   * @throws ParleyException API if the logits are not numbers
   */
  @Nullable FinishReason write(Sequence sequence, float[] logits, int offset, long nowNanos) {
    int token = sampler.sample(logits, offset, sequence.sampling(), sequence.random());
    sequence.append(token, nowNanos);
    boolean endOfTurn = vocabulary.isEndOfTurn(token);
    String text = endOfTurn ? "" : sequence.text().append(vocabulary.bytes(token));
    FinishReason reason = reasonToFinish(sequence, endOfTurn);
    emit(sequence, reason == null ? text : text + sequence.text().finish());
    // The end can turn bytes that were held back into U+FFFD, and that can be a stop sequence.
    return sequence.text().isStopped() ? FinishReason.STOP_SEQUENCE : reason;
  }

  private @Nullable FinishReason reasonToFinish(Sequence sequence, boolean endOfTurn) {
    if (sequence.text().isStopped()) {
      return FinishReason.STOP_SEQUENCE;
    } else if (endOfTurn) {
      return FinishReason.END_TURN;
    } else if (sequence.outputTokens() >= sequence.request().maxTokens()) {
      return FinishReason.MAX_TOKENS;
    } else if (sequence.totalTokens() >= contextTokens) {
      return FinishReason.CONTEXT_FULL;
    }
    return null;
  }

  private void emit(Sequence sequence, String text) {
    if (!text.isEmpty()) {
      events.accept(new EngineEvent.Text(sequence.id(), text, sequence.outputTokens()));
    }
  }
}
