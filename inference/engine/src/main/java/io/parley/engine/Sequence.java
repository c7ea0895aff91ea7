package io.parley.engine;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.engine.EngineEvent.Cancelled;
import io.parley.engine.EngineEvent.Completed;
import io.parley.engine.EngineEvent.Failed;
import io.parley.engine.EngineEvent.Started;
import io.parley.engine.EngineEvent.Timing;
import io.parley.engine.sampling.SamplingParameters;
import io.parley.engine.speculation.DraftLength;
import io.parley.engine.speculation.GuessSources;
import io.parley.engine.speculation.PromptLookup;
import io.parley.engine.text.TokenText;
import java.math.BigDecimal;
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
  private final BlockKeys blockKeys = new BlockKeys();
  private final DraftLength lookupLength;
  private final boolean drafted;
  private final DraftLength draftLength;

  private int[] tokens;
  private int totalTokens;
  private int computedTokens;
  private int[] blockTable = NO_BLOCKS;
  private int registeredBlocks; // the first ones of the table
  private int cachedTokens; // when it was admitted first
  private boolean started;
  private boolean drafting; // in the step that was planned last
  private boolean trusted = true;
  private boolean cancelled;
  private int preemptions;
  private int chargedTokens;
  private double rank;
  private double expectedCost;
  private long admittedNanos = NEVER;
  private long firstTokenNanos = NEVER;

  Sequence(long id, SequenceRequest request, GuessSources guesses, long nowNanos) {
    this.id = id;
    this.request = request;
    this.random = new SplittableRandom(request.sampling().seed());
    this.text = new TokenText(request.stopSequences());
    this.submittedNanos = nowNanos;
    this.lookupLength = guesses.lookup().newLength();
    this.drafted = guesses.draft().isWorthTrying();
    this.draftLength = guesses.draft().newLength();
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

  String organisation() {
    return request.terms().organisation();
  }

  double weight() {
    return request.terms().weight();
  }

  PriorityClass priority() {
    return request.terms().priority();
  }

  boolean sharesCapWith(Sequence other) {
    return organisation().equals(other.organisation());
  }

  boolean isOverdue(long nowNanos) {
    return nowNanos - submittedNanos >= request.terms().timeLimitNanos();
  }

  /** The compute that it will probably take, by what was known when it came. */
  double expectedCost() {
    return expectedCost;
  }

  void expectedCost(double value) {
    expectedCost = value;
  }

  /** Its place among the prompts of its class: the smaller goes first. */
  double rank() {
    return rank;
  }

  void rank(double value) {
    rank = value;
  }

  /** Positions before this one have been computed once, and are paid for. */
  int chargedTokens() {
    return chargedTokens;
  }

  void charged(int tokens) {
    chargedTokens = Math.max(chargedTokens, tokens);
  }

  int preemptions() {
    return preemptions;
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

  /** All of them, and room for more behind {@link #totalTokens}; not to be changed. */
  int[] tokens() {
    return tokens;
  }

  int computedTokens() {
    return computedTokens;
  }

  /** Tokens that the model has not seen yet. */
  int remainingTokens() {
    return totalTokens - computedTokens;
  }

  /**
   * Whether it writes a token in every step. While what a preemption threw away is computed again,
   * it does not: that is work like a prompt's.
   */
  boolean isStreaming() {
    return outputTokens() > 0 && remainingTokens() == 1;
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

  /** Keys of its full blocks, as far as anybody has asked for them. */
  BlockKeys blockKeys() {
    return blockKeys;
  }

  /** How many blocks of its table, from the first on, others may share. */
  int registeredBlocks() {
    return registeredBlocks;
  }

  /**
   * Gets its blocks.
   *
   * @param alreadyComputed tokens that the first blocks hold, full ones that are registered
   */
  void admit(int[] blocks, int alreadyComputed, int blockTokens, long nowNanos) {
    blockTable = blocks;
    computedTokens = alreadyComputed;
    registeredBlocks = alreadyComputed / blockTokens;
    if (!started) {
      cachedTokens = alreadyComputed;
    }
    if (admittedNanos == NEVER) {
      admittedNanos = nowNanos - submittedNanos;
    }
  }

  /** Its blocks are to be filled with what it had computed before, {@code tokens} in all. */
  void restored(int tokens) {
    computedTokens = tokens;
  }

  /** Nobody has filled them: what is not registered counts as not computed. */
  void unrestored(int blockTokens) {
    computedTokens = registeredBlocks * blockTokens;
  }

  /** Goes back to waiting, without its blocks, with all that it has written. */
  void preempt() {
    preemptions++;
  }

  /** The block at {@code index}, the first that was not yet registered, is this one from now on. */
  void registered(int index, int block) {
    if (blockTable[index] != block) {
      blockTable = blockTable.clone(); // the old one is part of a plan
      blockTable[index] = block;
    }
    registeredBlocks = index + 1;
  }

  /** Gives its blocks up, and with them what it has computed; returns them. */
  int[] leaveBlocks() {
    int[] blocks = blockTable;
    blockTable = NO_BLOCKS;
    registeredBlocks = 0;
    computedTokens = 0;
    return blocks;
  }

  /** The model made nonsense of it: nobody else is to build on what it has computed. */
  void distrust() {
    trusted = false;
  }

  boolean isTrusted() {
    return trusted;
  }

  boolean isStarted() {
    return started;
  }

  /** Marks it as started; once. */
  Started start() {
    started = true;
    return new Started(id, inputTokens(), cachedTokens, admittedNanos);
  }

  /** The next tokens to compute: {@code count} of them, at most {@link #remainingTokens}. */
  ScheduledSequence next(int count) {
    int end = computedTokens + count;
    return new ScheduledSequence(
        id,
        Arrays.copyOfRange(tokens, computedTokens, end),
        computedTokens,
        blockTable,
        end == totalTokens ? 1 : 0,
        drafted ? 0 : ScheduledSequence.UNDRAFTED);
  }

  /**
   * The token that was drawn last, and behind it guesses at what follows, or room for a drafter's:
   * at most {@code most}, with logits for all of them. Only while it {@link #isStreaming streams}.
   */
  ScheduledSequence nextWithGuesses(int most) {
    int[] guesses = PromptLookup.guess(tokens, totalTokens, Math.min(most, lookupLength.next()));
    int[] next = new int[1 + guesses.length];
    next[0] = lastToken();
    System.arraycopy(guesses, 0, next, 1, guesses.length);
    drafting = guesses.length == 0;
    int room = drafting ? Math.min(most, draftLength.next()) : 0;
    return new ScheduledSequence(
        id,
        next,
        computedTokens,
        blockTable,
        next.length,
        drafted ? room : ScheduledSequence.UNDRAFTED);
  }

  /** Learns how good its guesses are. */
  void guessed(int guesses, int right) {
    lookupLength.checked(drafting ? 0 : guesses, right);
    draftLength.checked(drafting ? guesses : 0, right);
  }

  int lastToken() {
    return tokens[totalTokens - 1];
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
    return failed(code, message, cause, ParleyException.NO_RETRY, nowNanos);
  }

  /** It had to leave the queue for another. */
  Failed shed(long retryAfterMs, long nowNanos) {
    String message = "the queue of this model is full, and others have more right to a place in it";
    return failed(ErrorCode.OVERLOADED, message, null, retryAfterMs, nowNanos);
  }

  private Failed failed(
      ErrorCode code, String message, @Nullable Throwable cause, long retryAfterMs, long nowNanos) {
    return new Failed(
        id, code, message, cause, retryAfterMs, inputTokens(), outputTokens(), timing(nowNanos));
  }

  /** The end at its time limit. */
  Failed timedOut(long nowNanos) {
    String limit = seconds(request.terms().timeLimitNanos());
    String message =
        "the time limit of %s s passed after %d of at most %d tokens"
            .formatted(limit, outputTokens(), request.maxTokens());
    return failed(ErrorCode.TIMEOUT, message, null, nowNanos);
  }

  private static String seconds(long nanos) {
    return BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString();
  }

  Cancelled cancelled(long nowNanos) {
    return new Cancelled(id, inputTokens(), outputTokens(), timing(nowNanos));
  }

  private Timing timing(long nowNanos) {
    return new Timing(admittedNanos, firstTokenNanos, nowNanos - submittedNanos);
  }
}
