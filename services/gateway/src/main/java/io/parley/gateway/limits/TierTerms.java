package io.parley.gateway.limits;

import io.parley.common.TimeSource;
import io.parley.gateway.RecentReads;
import io.parley.gateway.administration.TierLimits;
import io.parley.ports.data.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The terms of organisations by the tiers in the database, as they were a second ago at most: that
 * is when a change of an organisation's tier holds, or of the tier itself. Thread-safe; may block.
 */
public final class TierTerms {
  private static final String TERMS =
      "SELECT t.monthly_budget_micros, l.model, l.requests_per_minute, l.input_tokens_per_minute,"
          + " l.output_tokens_per_minute, l.concurrent_requests"
          + " FROM organisations o"
          + " JOIN tiers t ON t.id = o.tier_id"
          + " LEFT JOIN tier_limits l ON l.tier_id = t.id"
          + " WHERE o.id = :organisation";

  private record Row(OptionalLong budget, @Nullable TierLimits limits) {}

  private final Database database;
  private final RecentReads<Terms> recent;

  public TierTerms(Database database, TimeSource time) {
    this.database = database;
    this.recent = new RecentReads<>(time, this::read);
  }

  /** The terms of an organisation; without any limit if it is not there. */
  Terms of(String organisationId) {
    return recent.of(organisationId);
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
