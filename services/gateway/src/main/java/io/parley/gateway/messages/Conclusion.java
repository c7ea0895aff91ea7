package io.parley.gateway.messages;

import io.parley.common.ErrorCode;
import io.parley.ports.model.Usage;
import java.util.OptionalLong;

/**
 * What a request came to.
 *
 * @param usage all that the model took, also what no client saw
 * @param queueMs how long the prompt waited for the model, in milliseconds
 * @param ttftMs milliseconds from the request to the first text that was written; empty if there
 *     was none
 * @param totalMs milliseconds from the request to this conclusion
 */
public record Conclusion(
    Accepted request,
    Outcome outcome,
    Usage usage,
    long queueMs,
    OptionalLong ttftMs,
    long totalMs) {

  /** The three ways in which a request that ran can end. */
  public sealed interface Outcome {
    /**
     * The client gets a whole answer.
     *
     * @param stopReason as the API names it
     */
    record Answered(String stopReason) implements Outcome {}

    /** The client gets an error. */
    record Failed(ErrorCode code) implements Outcome {}

    /** The client went away before the end. */
    record Abandoned() implements Outcome {}
  }
}
