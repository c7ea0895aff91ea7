package io.parley.gateway.usage;

import io.parley.gateway.messages.Accepted;
import io.parley.gateway.messages.Conclusion;
import io.parley.gateway.messages.Ledger;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/**
 * Writes an event for each request, and adds it to the stored sums, in one transaction.
 *
 * <p>Billed once whatever happens: the request's id is the key of its event, and only an event that
 * was not there yet is added to the sums. So a conclusion may be written again, by this process or
 * by the next one, after a commit of which nobody knows whether it happened. Thread-safe.
 */
public final class UsageLedger implements Ledger {
  private static final List<String> NUMBERS =
      Arrays.stream(TokenKind.values())
          .map(TokenKind::column)
          .flatMap(kind -> Stream.of(kind + "_tokens", kind + "_nanos"))
          .toList();

  private static final List<String> EVENT_COLUMNS =
      Stream.concat(
              Stream.of(
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
              NUMBERS.stream())
          .toList();

  private static final String INSERT =
      "INSERT INTO usage_events (%s) VALUES (%s) ON CONFLICT (request_id) DO NOTHING"
          .formatted(
              String.join(", ", EVENT_COLUMNS), joined(EVENT_COLUMNS, column -> ":" + column));

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

  private static final String ADD =
      "INSERT INTO usage_rollups (%s, requests, %s) VALUES %s, %s ON CONFLICT (%s) DO UPDATE SET"
              .formatted(
                  String.join(", ", GROUP_COLUMNS),
                  String.join(", ", NUMBERS),
                  rollup("minute"),
                  rollup("hour"),
                  String.join(", ", GROUP_COLUMNS))
          + " requests = usage_rollups.requests + 1, "
          + joined(
              NUMBERS, column -> "%1$s = usage_rollups.%1$s + excluded.%1$s".formatted(column));

  private final PriceTable prices;

  /**
   * @param prices must have one for every model that is served
   */
  public UsageLedger(PriceTable prices) {
    this.prices = prices;
  }

  private static String rollup(String width) {
    return "(:organisation_id, :%1$s_ms, :%1$s_at_ms, %2$s, 1, %3$s)"
        .formatted(
            width,
            joined(GROUP_COLUMNS.subList(3, GROUP_COLUMNS.size()), column -> ":" + column),
            joined(NUMBERS, column -> ":" + column));
  }

  private static String joined(List<String> columns, Function<String, String> each) {
    return columns.stream().map(each).collect(Collectors.joining(", "));
  }

  @Override
  public void write(Handle transaction, Conclusion conclusion) {
    UsageEvent event = UsageEvent.of(conclusion, prices);
    if (insert(transaction, event)) {
      add(transaction, event);
    }
  }

  /** Whether it was not there yet. */
  private static boolean insert(Handle transaction, UsageEvent event) {
    Accepted request = event.request();
    try (Update insert = transaction.createUpdate(INSERT)) {
      bindGroup(insert, event)
          .bind("request_id", request.requestId())
          .bind("message_id", request.messageId())
          .bind("end_user", request.endUser().orElse(null))
          .bind("outcome", event.outcome())
          .bind("reason", event.reason().orElse(null))
          .bind("received_at_ms", request.receivedAtMs())
          .bind("ended_at_ms", event.endedAt().toEpochMilli())
          .bind("queue_ms", event.queueMs())
          .bind("ttft_ms", event.ttftMs().isPresent() ? (Long) event.ttftMs().getAsLong() : null);
      return insert.execute() == 1;
    }
  }

  private static void add(Handle transaction, UsageEvent event) {
    try (Update add = transaction.createUpdate(ADD)) {
      bindGroup(add, event)
          .bind("minute_ms", BucketWidth.MINUTE.millis())
          .bind("minute_at_ms", BucketWidth.MINUTE.floor(event.endedAt()).toEpochMilli())
          .bind("hour_ms", BucketWidth.HOUR.millis())
          .bind("hour_at_ms", BucketWidth.HOUR.floor(event.endedAt()).toEpochMilli())
          .execute();
    }
  }

  private static Update bindGroup(Update update, UsageEvent event) {
    Accepted request = event.request();
    update
        .bind("organisation_id", request.principal().organisationId())
        .bind("workspace_id", request.principal().workspaceId().orElse(""))
        .bind("api_key_id", request.principal().apiKeyId())
        .bind("model", request.modelId())
        .bind("service_tier", request.serviceTier())
        .bind("context_window", event.contextWindow().wireName())
        .bind("currency", event.currency());
    for (TokenKind kind : TokenKind.values()) {
      update.bind(kind.column() + "_tokens", event.tokens().of(kind));
      update.bind(kind.column() + "_nanos", event.nanos().of(kind));
    }
    return update;
  }
}
