package io.parley.gateway.messages;

import io.parley.common.ErrorCode;
import io.parley.ports.model.Usage;
import io.parley.safety.ReleasedText;

/**
 * Writes one answer to its client: {@link #begin}, any number of {@link #text}, then one of {@link
 * #end} and {@link #fail}; {@link #fail} may also come first. Belongs to one thread at a time.
 */
public interface AnswerWriter {
  /**
   * The model begins with the prompt.
   *
   * @param usage what the prompt takes
   * @param queueMs how long it waited for the model, in milliseconds
   */
  void begin(AnswerHead head, Usage usage, long queueMs);

  /**
   * The next part of the answer, not empty. Only text that passed the output gate has this type.
   */
  void text(ReleasedText text);

  /**
   * The answer is whole, or ended by a gate, and is about to be written down. No client may see
   * that yet: {@link #end} follows, or {@link #fail} if it cannot be written down.
   */
  default void prepare(AnswerEnd end) {}

  /** The answer is whole, or ended by a gate, and is written down. */
  void end(AnswerEnd end);

  /**
   * The answer ends in an error; what was written stands.
   *
   * @param retryAfterMs see {@link io.parley.common.ParleyException#retryAfterMs}
   */
  void fail(ErrorCode code, String message, long retryAfterMs);
}
