package io.parley.gateway.limits;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one organisation has spent in one month, and what its requests under way may spend, in
 * millionths of the currency of the prices. Opened from bytes, worked on, turned into bytes again;
 * the same bytes, time and calls give the same result. Belongs to the update that opened it.
 *
 * <p><b>Invariants</b>
 *
 * <ol>
 *   <li>A reservation is made only if what is spent and what is held are then within the budget.
 *   <li>What is held ends once: settled, released or expired. What expired is not spent, because
 *       nobody wrote it down; so a hold has to outlive every request.
 * </ol>
 */
final class BudgetAccount {
  private static final byte VERSION = 1;
  private static final int HEAD_BYTES = 1 + Long.BYTES + Integer.BYTES;
  private static final int HOLD_BYTES = 3 * Long.BYTES;

  /** Neither spend nor a hold grows beyond this; sums stay within a long. */
  private static final long MAX_MICROS = Long.MAX_VALUE / 8;

  /** What came of a request for money. */
  enum Verdict {
    /** It is held. */
    HELD,
    /** What is spent leaves too little. */
    USED_UP,
    /** What is spent would leave enough, but others hold it. */
    TAKEN
  }

  private record Held(long micros, long expiresMs) {}

  private final long nowMs;
  private final Map<Long, Held> held = new HashMap<>();
  private long spentMicros;
  private long heldMicros;

  private BudgetAccount(long nowMs, long spentMicros) {
    this.nowMs = nowMs;
    this.spentMicros = Math.clamp(spentMicros, 0, MAX_MICROS);
  }

  /** An account of which nothing is known but what was spent. */
  static BudgetAccount begin(long spentMicros, long nowMs) {
    return new BudgetAccount(nowMs, spentMicros);
  }

  /** The account as it is now; empty if there is none, or one of another version. */
  static Optional<BudgetAccount> open(Optional<byte[]> state, long nowMs) {
    ByteBuffer in = ByteBuffer.wrap(state.orElse(new byte[0]));
    if (in.remaining() < HEAD_BYTES || in.get() != VERSION) {
      return Optional.empty();
    }
    BudgetAccount account = new BudgetAccount(nowMs, in.getLong());
    for (int left = in.getInt(); left > 0; left--) {
      account.hold(in.getLong(), new Held(in.getLong(), in.getLong()));
    }
    return Optional.of(account);
  }

  /** The state for the next one. */
  byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + held.size() * HOLD_BYTES);
    out.put(VERSION).putLong(spentMicros).putInt(held.size());
    held.forEach((id, hold) -> out.putLong(id).putLong(hold.micros).putLong(hold.expiresMs));
    return out.array();
  }

  /**
   * Holds what a request may cost at most. What costs nothing always may.
   *
   * @param id of the hold; unique among all replicas
   * @param holdMs when its holder is given up for lost, in milliseconds from now
   */
  Verdict reserve(long id, long micros, long budgetMicros, long holdMs) {
    long most = Math.min(micros, MAX_MICROS);
    if (most > 0 && spentMicros + most > budgetMicros) {
      return Verdict.USED_UP;
    }
    boolean full = held.size() >= ModelAccount.MAX_LEASES;
    if (full || (most > 0 && spentMicros + heldMicros + most > budgetMicros)) {
      return Verdict.TAKEN;
    }
    hold(id, new Held(most, nowMs + holdMs));
    return Verdict.HELD;
  }

  private void hold(long id, Held hold) {
    if (hold.expiresMs > nowMs) {
      held.put(id, hold);
      heldMicros = Math.min(MAX_MICROS, heldMicros + hold.micros);
    }
  }

  /** More is known of what a request may cost at most. */
  void correct(long id, long micros) {
    end(id).ifPresent(old -> hold(id, new Held(Math.min(micros, MAX_MICROS), old.expiresMs)));
  }

  /** A request has cost this. */
  void settle(long id, long micros) {
    end(id)
        .ifPresent(
            hold -> spentMicros = Math.min(MAX_MICROS, spentMicros + Math.min(micros, MAX_MICROS)));
  }

  /** A request has cost nothing. */
  void release(long id) {
    end(id);
  }

  private Optional<Held> end(long id) {
    Optional<Held> hold = Optional.ofNullable(held.remove(id));
    hold.ifPresent(ended -> heldMicros -= ended.micros);
    return hold;
  }

  long spentMicros() {
    return spentMicros;
  }

  long heldMicros() {
    return heldMicros;
  }
}
