package io.parley.gateway.limits;

import io.parley.gateway.administration.TierLimits;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one organisation has taken of one model, at one moment. Opened from bytes, worked on, turned
 * into bytes again; the same bytes, limits, time and calls give the same result. Belongs to the
 * update that opened it.
 *
 * <p><b>Invariants</b>
 *
 * <ol>
 *   <li>A reservation takes of all limits or of none.
 *   <li>Of requests that take no more than was reserved for them, those that were let in within any
 *       stretch of time take no more of a limit than a minute's worth and what that time brings.
 *   <li>A lease ends once, settled, released or expired, and what comes after that changes nothing.
 *   <li>Never are more leases open than the limit of concurrent requests, or {@link #MAX_LEASES}.
 * </ol>
 */
final class ModelAccount {
  /** Requests under way at once whatever the tier says: bounds the size of the state. */
  static final int MAX_LEASES = 4_096;

  /** When to try again if only the end of another request makes room: nobody knows when that is. */
  static final long UNKNOWN_WAIT_MS = 1_000;

  /** Bytes that begin otherwise are of another version, and count as none. */
  private static final byte VERSION = 1;

  private static final int HEAD_BYTES = 1 + 4 * Long.BYTES;

  // The columns of a lease: as in the record.
  private static final int SINCE_MS = 1;
  private static final int EXPIRES_MS = 2;
  private static final int INPUT_TOKENS = 3;
  private static final int OUTPUT_TOKENS = 4;
  private static final int LEASE_COLUMNS = 5;

  private final TierLimits limits;
  private final long nowMs;
  private final StoredRows leases;
  private Allowance requests;
  private Allowance input;
  private Allowance output;

  private ModelAccount(
      TierLimits limits,
      long nowMs,
      Allowance requests,
      Allowance input,
      Allowance output,
      StoredRows leases) {
    this.limits = limits;
    this.nowMs = nowMs;
    this.requests = requests;
    this.input = input;
    this.output = output;
    this.leases = leases;
  }

  /**
   * The account as it is now.
   *
   * @param state what {@link #bytes} gave; empty if nothing is taken
   * @param limits those of today, whatever they were when the state was written
   * @param clockMs milliseconds since 1970; a clock that is behind another replica's counts as if
   *     it were not
   */
  static ModelAccount open(Optional<byte[]> state, TierLimits limits, long clockMs) {
    ByteBuffer in = ByteBuffer.wrap(state.orElse(new byte[0]));
    if (in.remaining() < HEAD_BYTES + Integer.BYTES || in.get() != VERSION) {
      return new ModelAccount(
          limits,
          clockMs,
          new Allowance(limits.requestsPerMinute(), 0),
          new Allowance(limits.inputTokensPerMinute(), 0),
          new Allowance(limits.outputTokensPerMinute(), 0),
          StoredRows.none(LEASE_COLUMNS));
    }
    long atMs = in.getLong();
    long nowMs = Math.max(clockMs, atMs);
    return new ModelAccount(
        limits,
        nowMs,
        new Allowance(limits.requestsPerMinute(), in.getLong()).after(nowMs - atMs),
        new Allowance(limits.inputTokensPerMinute(), in.getLong()).after(nowMs - atMs),
        new Allowance(limits.outputTokensPerMinute(), in.getLong()).after(nowMs - atMs),
        leases(in, nowMs));
  }

  private static StoredRows leases(ByteBuffer in, long nowMs) {
    StoredRows leases = StoredRows.read(in, LEASE_COLUMNS);
    leases.removeUpTo(nowMs, EXPIRES_MS);
    return leases;
  }

  /** The state for the next one. */
  byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + leases.bytes());
    out.put(VERSION).putLong(nowMs);
    out.putLong(requests.takenParts()).putLong(input.takenParts()).putLong(output.takenParts());
    leases.writeTo(out);
    return out.array();
  }

  /** How long the state says more than an empty one would, at least a millisecond. */
  Duration ttl() {
    long longest = leases.max(EXPIRES_MS, nowMs) - nowMs;
    longest = Math.max(longest, requests.fullInMs());
    longest = Math.max(longest, input.fullInMs());
    longest = Math.max(longest, output.fullInMs());
    return Duration.ofMillis(Math.max(1, longest));
  }

  /**
   * Takes one request, these tokens and a place, or nothing.
   *
   * @param id of the lease; unique among all replicas
   * @param leaseMs when its holder is given up for lost, in milliseconds from now
   * @return why not; empty if it was taken
   */
  Optional<Refusal> reserve(long id, long inputTokens, long outputTokens, long leaseMs) {
    Optional<Refusal> refusal = refusal(inputTokens, outputTokens);
    if (refusal.isEmpty()) {
      Lease lease =
          new Lease(
              id,
              nowMs,
              nowMs + leaseMs,
              input.reserved(inputTokens),
              output.reserved(outputTokens));
      add(lease);
      requests = requests.take(1);
      input = input.take(lease.inputTokens());
      output = output.take(lease.outputTokens());
    }
    return refusal;
  }

  private Optional<Refusal> refusal(long inputTokens, long outputTokens) {
    long places = places();
    return Stream.of(
            refusal(Limit.REQUESTS, requests, 1),
            refusal(Limit.INPUT_TOKENS, input, inputTokens),
            refusal(Limit.OUTPUT_TOKENS, output, outputTokens),
            new Refusal(Limit.CONCURRENT, places, leases.size() < places ? 0 : UNKNOWN_WAIT_MS))
        .filter(refusal -> refusal.retryAfterMs() > 0)
        .max(java.util.Comparator.comparingLong(Refusal::retryAfterMs));
  }

  private static Refusal refusal(Limit limit, Allowance allowance, long units) {
    return new Refusal(limit, allowance.perMinute().orElse(0), allowance.waitMs(units));
  }

  private long places() {
    return Math.min(limits.concurrentRequests().orElse(MAX_LEASES), MAX_LEASES);
  }

  /** The prompt of a request is exactly so long, and leaves so much room for the answer. */
  void correct(long id, long inputTokens, long outputTokens) {
    end(id)
        .ifPresent(
            lease -> {
              long room = output.reserved(outputTokens);
              input = input.correct(lease.inputTokens(), inputTokens, heldMs(lease));
              output = output.correct(lease.outputTokens(), room, heldMs(lease));
              add(lease.of(inputTokens, room));
            });
  }

  /** A request has ended and took this. */
  void settle(long id, long inputTokens, long outputTokens) {
    end(id)
        .ifPresent(
            lease -> {
              input = input.correct(lease.inputTokens(), inputTokens, heldMs(lease));
              output = output.correct(lease.outputTokens(), outputTokens, heldMs(lease));
            });
  }

  /** A request never ran. */
  void release(long id) {
    end(id)
        .ifPresent(
            lease -> {
              requests = requests.giveBack(1, heldMs(lease));
              input = input.giveBack(lease.inputTokens(), heldMs(lease));
              output = output.giveBack(lease.outputTokens(), heldMs(lease));
            });
  }

  private long heldMs(Lease lease) {
    return nowMs - lease.sinceMs();
  }

  private void add(Lease lease) {
    leases.add(
        lease.id(), lease.sinceMs(), lease.expiresMs(), lease.inputTokens(), lease.outputTokens());
  }

  private Optional<Lease> end(long id) {
    int row = leases.find(id);
    if (row < 0) {
      return Optional.empty();
    }
    Lease lease =
        new Lease(
            id,
            leases.cell(row, SINCE_MS),
            leases.cell(row, EXPIRES_MS),
            leases.cell(row, INPUT_TOKENS),
            leases.cell(row, OUTPUT_TOKENS));
    leases.remove(row);
    return Optional.of(lease);
  }

  /** Requests under way. */
  int open() {
    return leases.size();
  }

  /** What there is left, for those who want to know. */
  Standing standing() {
    return new Standing(nowMs, requests, input, output);
  }
}
