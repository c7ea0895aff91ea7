package io.parley.gateway.usage;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Usage events as rows, and their sums by minute and by hour.
 *
 * <p>Billed once whatever happens: the request's id is the key of its event, and only an event that
 * was not there yet is added to the sums.
 *
 * <p>Plain JDBC with positions, since this is what every request costs: events of one call share
 * their statements, and those that count in the same sum are added up before it is touched.
 */
public final class UsageRows {
  private static final List<String> NUMBERS =
      Arrays.stream(TokenKind.values())
          .map(TokenKind::column)
          .flatMap(kind -> Stream.of(kind + "_tokens", kind + "_nanos"))
          .toList();

  private static final List<String> EVENT_COLUMNS =
      with(
          List.of(
              "request_id",
              "message_id",
              "organisation_id",
              "workspace_id",
              "api_key_id",
              "end_user",
              "model",
              "service_tier",
              "context_window",
              "outcome",
              "reason",
              "received_at_ms",
              "ended_at_ms",
              "queue_ms",
              "ttft_ms",
              "currency"),
          NUMBERS);

  private static final String INSERT =
      "INSERT INTO usage_events (%s) VALUES (%s) ON CONFLICT (request_id) DO NOTHING"
          .formatted(String.join(", ", EVENT_COLUMNS), places(EVENT_COLUMNS));

  private static final List<String> GROUP_COLUMNS =
      List.of(
          "organisation_id",
          "width_ms",
          "starts_at_ms",
          "workspace_id",
          "api_key_id",
          "model",
          "service_tier",
          "context_window",
          "currency");

  private static final List<String> SUM_COLUMNS = with(List.of("requests"), NUMBERS);

  private static final String ADD =
      "INSERT INTO usage_rollups (%1$s, %2$s) VALUES (%3$s) ON CONFLICT (%1$s) DO UPDATE SET %4$s"
          .formatted(
              String.join(", ", GROUP_COLUMNS),
              String.join(", ", SUM_COLUMNS),
              places(with(GROUP_COLUMNS, SUM_COLUMNS)),
              SUM_COLUMNS.stream()
                  .map("%1$s = usage_rollups.%1$s + excluded.%1$s"::formatted)
                  .collect(Collectors.joining(", ")));

  private UsageRows() {}

  private static List<String> with(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  private static String places(List<String> columns) {
    return String.join(", ", Collections.nCopies(columns.size(), "?"));
  }

  /**
   * Writes events that are not there yet and adds them to their sums, all in this transaction.
   *
   * @throws IllegalStateException if the database refuses; the transaction must then be given up
   */
  public static void post(Handle transaction, List<UsageEvent> events) {
    try {
      Map<Group, Sum> sums = new TreeMap<>();
      for (UsageEvent event : insert(transaction, events)) {
        for (BucketWidth width : List.of(BucketWidth.MINUTE, BucketWidth.HOUR)) {
          sums.merge(Group.of(event, width), Sum.of(event), Sum::plus);
        }
      }
      add(transaction, sums);
    } catch (SQLException e) {
      throw new IllegalStateException("usage events cannot be written: " + e.getMessage(), e);
    }
  }

  /** The events that were not there yet. */
  private static List<UsageEvent> insert(Handle transaction, List<UsageEvent> events)
      throws SQLException {
    try (PreparedStatement insert = transaction.getConnection().prepareStatement(INSERT)) {
      for (UsageEvent event : events) {
        bind(new Places(insert), event);
        insert.addBatch();
      }
      int[] rows = insert.executeBatch();
      List<UsageEvent> added = new ArrayList<>(events.size());
      for (int i = 0; i < rows.length; i++) {
        if (rows[i] == 1) {
          added.add(events.get(i));
        }
      }
      return added;
    }
  }

  private static void bind(Places row, UsageEvent event) throws SQLException {
    UsageEvent.Origin origin = event.origin();
    row.text(origin.requestId()).text(origin.messageId()).text(origin.organisationId());
    row.text(origin.workspaceId()).text(origin.apiKeyId());
    row.text(origin.endUser());
    row.text(origin.modelId()).text(origin.serviceTier()).text(event.contextWindow().wireName());
    row.text(event.outcome()).text(event.reason());
    row.number(origin.receivedAtMs()).number(event.endedAt().toEpochMilli());
    row.number(event.queueMs());
    row.number(event.ttftMs());
    row.text(event.currency()).kinds(event.tokens(), event.nanos());
  }

  private static void add(Handle transaction, Map<Group, Sum> sums) throws SQLException {
    if (sums.isEmpty()) {
      return;
    }
    try (PreparedStatement add = transaction.getConnection().prepareStatement(ADD)) {
      for (Map.Entry<Group, Sum> each : sums.entrySet()) {
        each.getKey().bind(new Places(add), each.getValue());
        add.addBatch();
      }
      int[] _ = add.executeBatch();
    }
  }

  /**
   * Which sum an event counts in. Ordered, so that those who add to the same sums at the same time
   * come to them in the same order and cannot wait for each other in a circle.
   */
  private record Group(
      String organisationId,
      long widthMs,
      long startsAtMs,
      String workspaceId,
      String apiKeyId,
      String modelId,
      String serviceTier,
      String contextWindow,
      String currency)
      implements Comparable<Group> {
    static Group of(UsageEvent event, BucketWidth width) {
      UsageEvent.Origin origin = event.origin();
      return new Group(
          origin.organisationId(),
          width.millis(),
          width.floor(event.endedAt()).toEpochMilli(),
          origin.workspaceId(),
          origin.apiKeyId(),
          origin.modelId(),
          origin.serviceTier(),
          event.contextWindow().wireName(),
          event.currency());
    }

    void bind(Places row, Sum sum) throws SQLException {
      row.text(organisationId).number(widthMs).number(startsAtMs);
      row.text(workspaceId).text(apiKeyId).text(modelId);
      row.text(serviceTier).text(contextWindow).text(currency);
      row.number(sum.requests).kinds(sum.tokens, sum.nanos);
    }

    @Override
    public int compareTo(Group other) {
      int order = organisationId.compareTo(other.organisationId);
      order = order != 0 ? order : Long.compare(widthMs, other.widthMs);
      order = order != 0 ? order : Long.compare(startsAtMs, other.startsAtMs);
      order = order != 0 ? order : workspaceId.compareTo(other.workspaceId);
      order = order != 0 ? order : apiKeyId.compareTo(other.apiKeyId);
      order = order != 0 ? order : modelId.compareTo(other.modelId);
      order = order != 0 ? order : serviceTier.compareTo(other.serviceTier);
      order = order != 0 ? order : contextWindow.compareTo(other.contextWindow);
      return order != 0 ? order : currency.compareTo(other.currency);
    }
  }

  /** What events of one group come to. */
  private record Sum(long requests, ByKind tokens, ByKind nanos) {
    static Sum of(UsageEvent event) {
      return new Sum(1, event.tokens(), event.nanos());
    }

    Sum plus(Sum more) {
      return new Sum(requests + more.requests, tokens.plus(more.tokens), nanos.plus(more.nanos));
    }
  }

  /** Fills the places of a statement from left to right. */
  private static final class Places {
    private final PreparedStatement statement;
    private int next = 1;

    Places(PreparedStatement statement) {
      this.statement = statement;
    }

    Places text(String value) throws SQLException {
      statement.setString(next++, value);
      return this;
    }

    void text(Optional<String> value) throws SQLException {
      if (value.isPresent()) {
        text(value.get());
      } else {
        statement.setNull(next++, Types.VARCHAR);
      }
    }

    Places number(long value) throws SQLException {
      statement.setLong(next++, value);
      return this;
    }

    void number(OptionalLong value) throws SQLException {
      if (value.isPresent()) {
        number(value.getAsLong());
      } else {
        statement.setNull(next++, Types.BIGINT);
      }
    }

    /** As the columns of the numbers stand: of each kind its tokens, then its amount. */
    void kinds(ByKind tokens, ByKind nanos) throws SQLException {
      for (TokenKind kind : TokenKind.values()) {
        number(tokens.of(kind)).number(nanos.of(kind));
      }
    }
  }
}
