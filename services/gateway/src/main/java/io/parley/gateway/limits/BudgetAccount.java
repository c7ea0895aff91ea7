package io.parley.gateway.limits;

import java.nio.ByteBuffer;
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
  private static final int HEAD_BYTES = 1 + Long.BYTES;

  // The columns of a hold, behind its id.
  private static final int MICROS = 1;
  private static final int EXPIRES_MS = 2;
  private static final int HOLD_COLUMNS = 3;

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

  private final long nowMs;
  private final StoredRows held;
  private long spentMicros;
  private long heldMicros;

  private BudgetAccount(long nowMs, long spentMicros, StoredRows held) {
    this.nowMs = nowMs;
    this.spentMicros = Math.clamp(spentMicros, 0, MAX_MICROS);
    this.held = held;
    held.removeUpTo(nowMs, EXPIRES_MS);
    for (int row = 0; row < held.size(); row++) {
      heldMicros = Math.min(MAX_MICROS, heldMicros + held.cell(row, MICROS));
    }
  }

  /** An account of which nothing is known but what was spent. */
  static BudgetAccount begin(long spentMicros, long nowMs) {
    return new BudgetAccount(nowMs, spentMicros, StoredRows.none(HOLD_COLUMNS));
  }

  /** The account as it is now; empty if there is none, or one of another version. */
  static Optional<BudgetAccount> open(Optional<byte[]> state, long nowMs) {
    ByteBuffer in = ByteBuffer.wrap(state.orElse(new byte[0]));
    if (in.remaining() < HEAD_BYTES + Integer.BYTES || in.get() != VERSION) {
      return Optional.empty();
    }
    long spentMicros = in.getLong();
    return Optional.of(new BudgetAccount(nowMs, spentMicros, StoredRows.read(in, HOLD_COLUMNS)));
  }

  /** The state for the next one. */
  byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + held.bytes());
    out.put(VERSION).putLong(spentMicros);
    held.writeTo(out);
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
    hold(id, most, nowMs + holdMs);
    return Verdict.HELD;
  }

  private void hold(long id, long micros, long expiresMs) {
    if (expiresMs > nowMs) {
      held.add(id, micros, expiresMs);
      heldMicros = Math.min(MAX_MICROS, heldMicros + micros);
    }
  }

  /** More is known of what a request may cost at most. */
  void correct(long id, long micros) {
    int row = held.find(id);
    if (row >= 0) {
      long expiresMs = held.cell(row, EXPIRES_MS);
      end(row);
      hold(id, Math.min(micros, MAX_MICROS), expiresMs);
    }
  }

  /** A request has cost this. */
  void settle(long id, long micros) {
    int row = held.find(id);
    if (row >= 0) {
      end(row);
      spentMicros = Math.min(MAX_MICROS, spentMicros + Math.min(micros, MAX_MICROS));
    }
  }

  /** A request has cost nothing. */
  void release(long id) {
    int row = held.find(id);
    if (row >= 0) {
      end(row);
    }
  }

  private void end(int row) {
    heldMicros -= held.cell(row, MICROS);
    held.remove(row);
  }

  long spentMicros() {
    return spentMicros;
  }

  long heldMicros() {
    return heldMicros;
  }
}
