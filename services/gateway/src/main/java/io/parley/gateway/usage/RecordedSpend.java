package io.parley.gateway.usage;

import io.parley.gateway.limits.Spend;
import io.parley.ports.data.Database;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Currency;

/** What organisations have spent, by the usage events. Thread-safe; blocks. */
public final class RecordedSpend implements Spend {
  private static final String SELECT =
      "SELECT coalesce(sum(input_nanos + cache_write_5m_nanos + cache_write_1h_nanos"
          + " + cache_read_nanos + output_nanos), 0) FROM usage_rollups"
          + " WHERE organisation_id = :organisation AND width_ms = :stored"
          + " AND starts_at_ms >= :from AND starts_at_ms < :to AND currency = :currency";

  private final Database database;
  private final Currency currency;
  private final Posting posting;

  /**
   * @param currency that of the price table; what was charged in another does not count
   * @param posting of the events into the rows
   */
  public RecordedSpend(Database database, Currency currency, Posting posting) {
    this.database = database;
    this.currency = currency;
    this.posting = posting;
  }

  /**
   * {@inheritDoc}
   *
   * <p>It is what was charged for requests that ended in the month, rounded up.
   */
  @Override
  public long micros(String organisationId, YearMonth month) {
    posting.await();
    return PriceTable.ceilMicros(
        database.read(
            handle ->
                handle
                    .createQuery(SELECT)
                    .bind("organisation", organisationId)
                    .bind("stored", BucketWidth.HOUR.millis())
                    .bind("from", begin(month))
                    .bind("to", begin(month.plusMonths(1)))
                    .bind("currency", currency.getCurrencyCode())
                    .mapTo(Long.class)
                    .one()));
  }

  private static long begin(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
  }
}
