package io.parley.engine;

import io.parley.common.ParleyException;
import io.parley.engine.sampling.SamplingParameters;
import java.util.List;

/**
 * One prompt to continue.
 *
 * @param promptTokens ids, at least one; the array is not copied and must not change afterwards
 * @param maxTokens tokens to generate at most, at least 1; where the context has less room, the
 *     context ends the answer
 * @param stopSequences texts that end the answer and are no part of it: at most {@value
 *     #MAX_STOP_SEQUENCES}, each of 1 to {@value #MAX_STOP_SEQUENCE_CHARS} chars of well-formed
 *     UTF-16
 * @param terms on whose account and how urgently
 */
@SuppressWarnings("ArrayRecordComponent") // tokens are bulk data; requests are never compared
public record SequenceRequest(
    int[] promptTokens,
    int maxTokens,
    SamplingParameters sampling,
    List<String> stopSequences,
    SchedulingTerms terms) {
  /** Each generated char is looked at once for every stop sequence: this bounds that work. */
  public static final int MAX_STOP_SEQUENCES = 256;

  /** The most chars that a stream can be behind its text. */
  public static final int MAX_STOP_SEQUENCE_CHARS = 4096;

  /** A request on the default terms. */
  public SequenceRequest(
      int[] promptTokens, int maxTokens, SamplingParameters sampling, List<String> stopSequences) {
    this(promptTokens, maxTokens, sampling, stopSequences, SchedulingTerms.DEFAULT);
  }

  public SequenceRequest {
    stopSequences = List.copyOf(stopSequences);
    if (promptTokens.length == 0) {
      throw ParleyException.invalid("messages: the prompt holds no token");
    }
    if (maxTokens < 1) {
      throw ParleyException.invalid("max_tokens must be at least 1: " + maxTokens);
    }
    if (stopSequences.size() > MAX_STOP_SEQUENCES) {
      throw ParleyException.invalid(
          "stop_sequences: at most %d, not %d".formatted(MAX_STOP_SEQUENCES, stopSequences.size()));
    }
    for (int i = 0; i < stopSequences.size(); i++) {
      checkStopSequence(i, stopSequences.get(i));
    }
  }

  private static void checkStopSequence(int index, String sequence) {
    if (sequence.isEmpty() || sequence.length() > MAX_STOP_SEQUENCE_CHARS) {
      throw ParleyException.invalid(
          "stop_sequences[%d] must have 1 to %d characters: %d"
              .formatted(index, MAX_STOP_SEQUENCE_CHARS, sequence.length()));
    }
    // Text is never cut inside a character, so half a character could never be found in it.
    if (sequence.codePoints().anyMatch(SequenceRequest::isLoneSurrogate)) {
      throw ParleyException.invalid(
          "stop_sequences[%d] holds half of a surrogate pair".formatted(index));
    }
  }

  private static boolean isLoneSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
