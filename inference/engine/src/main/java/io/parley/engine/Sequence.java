package io.parley.engine;

import io.parley.common.ErrorCode;
import io.parley.engine.EngineEvent.Cancelled;
import io.parley.engine.EngineEvent.Completed;
import io.parley.engine.EngineEvent.Failed;
import io.parley.engine.EngineEvent.Timing;
import io.parley.engine.sampling.SamplingParameters;
import io.parley.engine.text.TokenText;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One prompt and what was generated from it: {@code computedTokens} catches up with {@code
 * totalTokens}.
 */
final class Sequence {
  private static final int[] NO_BLOCKS = {};
  private static final long NEVER = -1;

  private final long id;
  private final SequenceRequest request;
  private final RandomGenerator random;
  private final TokenText text;
  private final long submittedNanos;

  private int[] tokens;
  private int totalTokens;
  private int computedTokens;
  private int[] blockTable = NO_BLOCKS;
  private boolean cancelled;
  private long admittedNanos = NEVER;
  private long firstTokenNanos = NEVER;

  Sequence(long id, SequenceRequest request, long nowNanos) {
    this.id = id;
    this.request = request;
    this.random = new SplittableRandom(request.sampling().seed());
    this.text = new TokenText(request.stopSequences());
    this.submittedNanos = nowNanos;
    this.tokens = request.promptTokens();
    this.totalTokens = tokens.length;
  }

  long id() {
    return id;
  }

  SequenceRequest request() {
    return request;
  }

  SamplingParameters sampling() {
    return request.sampling();
  }

  RandomGenerator random() {
    return random;
  }

  int inputTokens() {
    return request.promptTokens().length;
  }

  int outputTokens() {
    return totalTokens - inputTokens();
  }

  int totalTokens() {
    return totalTokens;
  }

  int computedTokens() {
    return computedTokens;
  }

  /** Tokens that the model has not seen yet. */
  int remainingTokens() {
    return totalTokens - computedTokens;
  }

  /** Whether a reader already watches its text come. */
  boolean isStreaming() {
    return outputTokens() > 0;
  }

  int[] blockTable() {
    return blockTable;
  }

  TokenText text() {
    return text;
  }

  boolean isCancelled() {
    return cancelled;
  }

  void cancel() {
    cancelled = true;
  }

  void admit(int[] blocks, long nowNanos) {
    blockTable = blocks;
    admittedNanos = nowNanos - submittedNanos;
  }

  /** Gives its blocks up; returns them. */
  int[] leaveBlocks() {
    int[] blocks = blockTable;
    blockTable = NO_BLOCKS;
    return blocks;
  }

  /** The next tokens to compute: {@code count} of them, at most {@link #remainingTokens}. */
  ScheduledSequence next(int count) {
    int end = computedTokens + count;
    return new ScheduledSequence(
        id,
        Arrays.copyOfRange(tokens, computedTokens, end),
        computedTokens,
        blockTable,
        end == totalTokens ? 1 : 0);
  }

  void computed(int count) {
    computedTokens += count;
  }

  void append(int token, long nowNanos) {
    if (totalTokens == tokens.length) {
      tokens = Arrays.copyOf(tokens, totalTokens + totalTokens / 2 + 16);
    }
    tokens[totalTokens++] = token;
    if (firstTokenNanos == NEVER) {
      firstTokenNanos = nowNanos - submittedNanos;
    }
  }

  Completed completed(FinishReason reason, long nowNanos) {
    return new Completed(
        id, reason, text.stopSequence(), inputTokens(), outputTokens(), timing(nowNanos));
  }

  Failed failed(ErrorCode code, String message, @Nullable Throwable cause, long nowNanos) {
    return new Failed(id, code, message, cause, inputTokens(), outputTokens(), timing(nowNanos));
  }

  Cancelled cancelled(long nowNanos) {
    return new Cancelled(id, inputTokens(), outputTokens(), timing(nowNanos));
  }

  private Timing timing(long nowNanos) {
    return new Timing(admittedNanos, firstTokenNanos, nowNanos - submittedNanos);
  }
}
