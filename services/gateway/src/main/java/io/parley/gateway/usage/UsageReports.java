package io.parley.gateway.usage;

import io.parley.common.ParleyException;
import io.parley.ports.data.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Sums up what was used. Reads the stored sums alone, so a report takes time by how many of those
 * its range holds, however many requests there were. Thread-safe; blocks.
 */
public final class UsageReports {
  /** Lines of one report at most; one that would have more is refused. */
  public static final int MAX_LINES = 50_000;

  private static final String NUMBERS =
      "sum(requests) AS requests, "
          + Arrays.stream(TokenKind.values())
              .map(TokenKind::column)
              .map("sum(%1$s_tokens) AS %1$s_tokens, sum(%1$s_nanos) AS %1$s_nanos"::formatted)
              .collect(Collectors.joining(", "));

  private final Database database;
  private final Posting posting;

  /** Reports on rows that lag behind nothing. */
  public UsageReports(Database database) {
    this(database, Posting.IMMEDIATE);
  }

  /**
   * Reports on everything that was written down before they are asked for.
   *
   * @param posting of the events into the rows
   */
  public UsageReports(Database database, Posting posting) {
    this.database = database;
    this.posting = posting;
  }

  /**
   * The lines of a report, by bucket and then by group; buckets without usage have none.
   *
   * @throws ParleyException INVALID_REQUEST if there are too many
   */
  public List<UsageSum> byBucket(String organisationId, UsageQuery query) {
    return sums(organisationId, query, "starts_at_ms / :width * :width");
  }

  /**
   * The lines of a report in which all buckets are one.
   *
   * @throws ParleyException INVALID_REQUEST if there are too many
   */
  public List<UsageSum> overall(String organisationId, UsageQuery query) {
    return sums(organisationId, query, ":from + 0 * :width");
  }

  private List<UsageSum> sums(String organisationId, UsageQuery query, String bucket) {
    posting.await();
    List<UsageSum> sums = database.read(handle -> read(handle, organisationId, query, bucket));
    if (sums.size() > MAX_LINES) {
      throw ParleyException.invalid(
          "group_by: the report has more than %d lines; ask for less time, or fewer groups"
              .formatted(MAX_LINES));
    }
    return sums;
  }

  private static List<UsageSum> read(
      Handle handle, String organisationId, UsageQuery query, String bucket) {
    List<Dimension> by = query.by().stream().sorted().toList();
    Query statement =
        handle
            .createQuery(statement(bucket, by, query.only().keySet()))
            .bind("organisation", organisationId)
            .bind("width", query.width().millis())
            .bind("stored", query.width().storedMillis())
            .bind("from", query.from().toEpochMilli())
            .bind("to", query.to().toEpochMilli())
            .bind("most", MAX_LINES + 1);
    query.only().forEach((dimension, values) -> statement.bindList(dimension.wireName(), values));
    return statement.map((row, context) -> sum(row, by)).list();
  }

  private static String statement(String bucket, List<Dimension> by, Set<Dimension> only) {
    List<String> columns = new ArrayList<>(by.stream().map(Dimension::wireName).toList());
    columns.add("currency");
    String group = String.join(", ", columns);
    String filters =
        only.stream()
            .sorted()
            .map(dimension -> " AND %1$s IN (<%1$s>)".formatted(dimension.wireName()))
            .collect(Collectors.joining());
    return """
        SELECT bucket, %1$s, %2$s
        FROM (SELECT %3$s AS bucket, usage_rollups.* FROM usage_rollups
          WHERE organisation_id = :organisation AND width_ms = :stored
          AND starts_at_ms >= :from AND starts_at_ms < :to%4$s) AS chosen
        GROUP BY bucket, %1$s ORDER BY bucket, %1$s LIMIT :most"""
        .formatted(group, NUMBERS, bucket, filters);
  }

  private static UsageSum sum(ResultSet row, List<Dimension> by) throws SQLException {
    Map<Dimension, String> group = new EnumMap<>(Dimension.class);
    for (Dimension dimension : by) {
      group.put(dimension, row.getString(dimension.wireName()));
    }
    return new UsageSum(
        Instant.ofEpochMilli(row.getLong("bucket")),
        group,
        row.getString("currency"),
        row.getLong("requests"),
        numbers(row, "_tokens"),
        numbers(row, "_nanos"));
  }

  private static ByKind numbers(ResultSet row, String ending) throws SQLException {
    return new ByKind(
        row.getLong("input" + ending),
        row.getLong("cache_write_5m" + ending),
        row.getLong("cache_write_1h" + ending),
        row.getLong("cache_read" + ending),
        row.getLong("output" + ending));
  }
}
