package io.parley.gateway.usage;

import io.parley.ports.data.Database;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Currency;

/** What organisations have spent. Thread-safe; blocks. */
public final class Spend {
  private static final String SELECT =
      "SELECT coalesce(sum(input_nanos + cache_write_5m_nanos + cache_write_1h_nanos"
          + " + cache_read_nanos + output_nanos), 0) FROM usage_rollups"
          + " WHERE organisation_id = :organisation AND width_ms = :stored"
          + " AND starts_at_ms >= :from AND starts_at_ms < :to AND currency = :currency";

  private final Database database;
  private final Currency currency;

  /**
   * @param currency that of the price table; what was charged in another does not count
   */
  public Spend(Database database, Currency currency) {
    this.database = database;
    this.currency = currency;
  }

  /**
   * What was charged for requests that ended in the calendar month (UTC) of a time, so far, in
   * millionths of the currency, rounded up.
   */
  public long monthMicros(String organisationId, Instant now) {
    ZonedDateTime begin = month(now);
    return PriceTable.ceilMicros(
        database.read(
            handle ->
                handle
                    .createQuery(SELECT)
                    .bind("organisation", organisationId)
                    .bind("stored", BucketWidth.HOUR.millis())
                    .bind("from", begin.toInstant().toEpochMilli())
                    .bind("to", begin.plusMonths(1).toInstant().toEpochMilli())
                    .bind("currency", currency.getCurrencyCode())
                    .mapTo(Long.class)
                    .one()));
  }

  /** When the calendar month (UTC) of a time began. */
  public static ZonedDateTime month(Instant now) {
    return now.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
  }
}
