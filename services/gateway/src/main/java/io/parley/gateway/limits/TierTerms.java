package io.parley.gateway.limits;

import io.parley.common.TimeSource;
import io.parley.gateway.administration.TierLimits;
import io.parley.ports.data.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The terms of organisations by the tiers in the database. Thread-safe; may block.
 *
 * <p>What it finds it remembers for a second, as keys are: a change of an organisation's tier, or
 * of the tier itself, by whatever process, holds a second later at most. The memory is
 * direct-mapped and of fixed size; a newcomer takes the slot. Of those who come while one reads,
 * the others wait for what he finds.
 */
public final class TierTerms {
  /** Terms that changed may be applied for this long. */
  static final Duration LIFE = Duration.ofSeconds(1);

  /** A power of two. */
  private static final int SLOTS = 4_096;

  private static final int SLOT_BITS = Integer.numberOfTrailingZeros(SLOTS);

  /** Organisations whose terms are read at the same time; a power of two. */
  private static final int LOCKS = 64;

  private static final String TERMS =
      "SELECT t.monthly_budget_micros, l.model, l.requests_per_minute, l.input_tokens_per_minute,"
          + " l.output_tokens_per_minute, l.concurrent_requests"
          + " FROM organisations o"
          + " JOIN tiers t ON t.id = o.tier_id"
          + " LEFT JOIN tier_limits l ON l.tier_id = t.id"
          + " WHERE o.id = :organisation";

  private record Entry(String organisationId, Terms terms, long readNanos) {}

  private record Row(OptionalLong budget, @Nullable TierLimits limits) {}

  private final AtomicReferenceArray<Entry> recent = new AtomicReferenceArray<>(SLOTS);
  private final Object[] reading = Stream.generate(Object::new).limit(LOCKS).toArray();
  private final Database database;
  private final TimeSource time;

  public TierTerms(Database database, TimeSource time) {
    this.database = database;
    this.time = time;
  }

  /** The terms of an organisation; without any limit if it is not there. */
  Terms of(String organisationId) {
    int slot = (organisationId.hashCode() * 0x9E3779B9) >>> (Integer.SIZE - SLOT_BITS);
    Terms remembered = remembered(slot, organisationId);
    if (remembered != null) {
      return remembered;
    }
    synchronized (reading[slot & (LOCKS - 1)]) {
      Terms found = remembered(slot, organisationId);
      return found != null ? found : read(slot, organisationId);
    }
  }

  private @Nullable Terms remembered(int slot, String organisationId) {
    Entry entry = recent.get(slot);
    boolean fresh =
        entry != null
            && entry.organisationId.equals(organisationId)
            && time.nanoTime() - entry.readNanos < LIFE.toNanos();
    return fresh ? entry.terms : null;
  }

  private Terms read(int slot, String organisationId) {
    long begin = time.nanoTime();
    Terms terms = read(organisationId);
    recent.set(slot, new Entry(organisationId, terms, begin));
    return terms;
  }

  private Terms read(String organisationId) {
    List<Row> rows =
        database.read(
            handle ->
                handle
                    .createQuery(TERMS)
                    .bind("organisation", organisationId)
                    .map((row, context) -> row(row))
                    .list());
    if (rows.isEmpty()) {
      return Terms.NONE;
    }
    List<TierLimits> limits = new ArrayList<>();
    for (Row row : rows) {
      if (row.limits != null) {
        limits.add(row.limits);
      }
    }
    return new Terms(rows.getFirst().budget, limits);
  }

  private static Row row(ResultSet row) throws SQLException {
    String model = row.getString("model");
    TierLimits limits =
        model == null
            ? null
            : new TierLimits(
                model,
                optional(row, "requests_per_minute"),
                optional(row, "input_tokens_per_minute"),
                optional(row, "output_tokens_per_minute"),
                optional(row, "concurrent_requests"));
    return new Row(optional(row, "monthly_budget_micros"), limits);
  }

  private static OptionalLong optional(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
