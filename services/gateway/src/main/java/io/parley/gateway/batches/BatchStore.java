package io.parley.gateway.batches;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.Principal;
import io.parley.gateway.Scope;
import io.parley.gateway.administration.Page;
import io.parley.gateway.administration.PageQuery;
import io.parley.gateway.administration.PageRequest;
import io.parley.gateway.identity.Rows;
import io.parley.ports.data.Database;
import io.parley.ports.model.Share;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Batches in SQL. Whoever asks for a batch sees those of the workspace of the key alone, or of the
 * organisation for a key of none. Thread-safe; blocks.
 */
final class BatchStore {
  /** Rows of one transaction, so that a large batch holds up no other write for long. */
  private static final int CHUNK_ROWS = 250;

  private static final double MILLI = 1_000.0;

  private static final String SELECT =
      "SELECT id, requests, created_at_ms, expires_at_ms, cancel_initiated_at_ms, ended_at_ms,"
          + " succeeded, errored, canceled, expired FROM message_batches";
  private static final String OWN =
      " WHERE id = :id AND organisation_id = :organisation AND workspace_id = :workspace";

  private final Database database;
  private final BatchLimits limits;

  BatchStore(Database database, BatchLimits limits) {
    this.database = database;
    this.limits = limits;
  }

  /** Keeps a batch; when this returns, it will run. */
  Batch add(String id, Principal sender, List<BatchItem> items, Instant now) {
    for (int from = 0; from < items.size(); from += CHUNK_ROWS) {
      int first = from;
      List<BatchItem> chunk = items.subList(from, Math.min(from + CHUNK_ROWS, items.size()));
      database.write(handle -> insert(handle, id, chunk, first));
    }
    try {
      return database.write(handle -> insert(handle, id, sender, items.size(), now));
    } catch (RuntimeException e) {
      removeUnacknowledged();
      throw e;
    }
  }

  private static int[] insert(Handle handle, String id, List<BatchItem> items, int first) {
    PreparedBatch insert =
        handle.prepareBatch(
            "INSERT INTO batch_requests (batch_id, position, custom_id, params)"
                + " VALUES (:batch, :position, :custom, :params)");
    for (int i = 0; i < items.size(); i++) {
      insert
          .bind("batch", id)
          .bind("position", first + i)
          .bind("custom", items.get(i).customId())
          .bind("params", items.get(i).params())
          .add();
    }
    return insert.execute();
  }

  private Batch insert(Handle handle, String id, Principal sender, int requests, Instant now) {
    refuseAboveLimit(handle, sender);
    handle
        .createUpdate(
            "INSERT INTO message_batches (id, organisation_id, workspace_id, api_key_id,"
                + " weight_milli, max_running, requests, created_at_ms, expires_at_ms)"
                + " VALUES (:id, :organisation, :workspace, :key, :weight, :running, :requests,"
                + " :now, :expires)")
        .bind("id", id)
        .bind("organisation", sender.organisationId())
        .bind("workspace", sender.workspaceId().orElse(""))
        .bind("key", sender.apiKeyId())
        .bind("weight", Math.max(1, Math.round(sender.share().weight() * MILLI)))
        .bind("running", sender.share().maxRunning())
        .bind("requests", requests)
        .bind("now", now.toEpochMilli())
        .bind("expires", now.plus(limits.life()).toEpochMilli())
        .execute();
    return get(handle, sender, id);
  }

  private void refuseAboveLimit(Handle handle, Principal sender) {
    long open =
        handle
            .createQuery(
                "SELECT count(*) FROM message_batches"
                    + " WHERE organisation_id = :organisation AND ended_at_ms IS NULL")
            .bind("organisation", sender.organisationId())
            .mapTo(Long.class)
            .one();
    if (open >= limits.maxOpen()) {
      throw new ParleyException(
          ErrorCode.RATE_LIMIT,
          "the organisation has %d batches that have not ended, which is the limit"
              .formatted(limits.maxOpen()));
    }
  }

  /** Removes requests whose batch was never acknowledged; only while none is being made. */
  void removeUnacknowledged() {
    database.write(
        handle ->
            handle.execute(
                "DELETE FROM batch_requests WHERE batch_id NOT IN (SELECT id FROM message_batches)"));
  }

  Page<Batch> list(Principal asking, PageRequest page) {
    return database.read(
        handle ->
            new PageQuery<>(SELECT, "id", (row, context) -> batch(row))
                .where("organisation_id = :organisation", "organisation", asking.organisationId())
                .where("workspace_id = :workspace", "workspace", asking.workspaceId().orElse(""))
                .run(handle, page));
  }

  Batch get(Principal asking, String id) {
    return database.read(handle -> get(handle, asking, id));
  }

  private static Batch get(Handle handle, Principal asking, String id) {
    return handle
        .createQuery(SELECT + OWN)
        .bind("id", id)
        .bind("organisation", asking.organisationId())
        .bind("workspace", asking.workspaceId().orElse(""))
        .map((row, context) -> batch(row))
        .findOne()
        .orElseThrow(
            () ->
                new ParleyException(
                    ErrorCode.NOT_FOUND, "message_batch_id: there is no batch '" + id + "'"));
  }

  private static Batch batch(ResultSet row) throws SQLException {
    Map<BatchOutcome, Long> counts = new EnumMap<>(BatchOutcome.class);
    for (BatchOutcome outcome : BatchOutcome.values()) {
      counts.put(outcome, row.getLong(outcome.wireName()));
    }
    return new Batch(
        row.getString("id"),
        row.getLong("requests"),
        Rows.time(row, "created_at_ms"),
        Rows.time(row, "expires_at_ms"),
        Rows.instant(row, "cancel_initiated_at_ms"),
        Rows.instant(row, "ended_at_ms"),
        counts);
  }

  /** Marks a batch, so that no more of its requests begin; one that has ended stays as it is. */
  Batch cancel(Principal asking, String id, Instant now) {
    return database.write(
        handle -> {
          get(handle, asking, id);
          handle
              .createUpdate(
                  "UPDATE message_batches SET cancel_initiated_at_ms = :now WHERE id = :id"
                      + " AND cancel_initiated_at_ms IS NULL AND ended_at_ms IS NULL")
              .bind("id", id)
              .bind("now", now.toEpochMilli())
              .execute();
          return get(handle, asking, id);
        });
  }

  /** Removes a batch and its results. */
  void delete(Principal asking, String id) {
    database.write(
        handle -> {
          if (get(handle, asking, id).endedAt().isEmpty()) {
            throw new ParleyException(
                ErrorCode.CONFLICT,
                "message_batch_id: the batch has not ended; cancel it first, or wait");
          }
          handle.execute("DELETE FROM message_batches WHERE id = ?", id);
          return handle.execute("DELETE FROM batch_requests WHERE batch_id = ?", id);
        });
  }

  /** Results from a position on, in order. */
  List<BatchResult> results(String id, int from, int most) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT position, custom_id, result FROM batch_requests WHERE batch_id = :id"
                        + " AND position >= :from AND outcome IS NOT NULL"
                        + " ORDER BY position LIMIT :most")
                .bind("id", id)
                .bind("from", from)
                .bind("most", most)
                .map(
                    (row, context) ->
                        new BatchResult(
                            row.getInt("position"),
                            row.getString("custom_id"),
                            row.getString("result")))
                .list());
  }

  /** Every batch that is not through, oldest first. */
  List<OpenBatch> open() {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT id, organisation_id, workspace_id, api_key_id, weight_milli,"
                        + " max_running, expires_at_ms, cancel_initiated_at_ms"
                        + " FROM message_batches WHERE ended_at_ms IS NULL ORDER BY id")
                .map((row, context) -> openBatch(row))
                .list());
  }

  private static OpenBatch openBatch(ResultSet row) throws SQLException {
    Principal sender =
        new Principal(
            row.getString("organisation_id"),
            Optional.of(row.getString("workspace_id")).filter(id -> !id.isEmpty()),
            row.getString("api_key_id"),
            Set.of(Scope.MESSAGES),
            new Share(row.getLong("weight_milli") / MILLI, row.getInt("max_running")));
    return new OpenBatch(
        row.getString("id"),
        sender,
        Rows.time(row, "expires_at_ms"),
        Rows.instant(row, "cancel_initiated_at_ms").isPresent());
  }

  /** A request without an outcome. */
  record Waiting(int position, BatchItem item) {}

  /** The first request without an outcome, from a position on. */
  Optional<Waiting> waiting(String batchId, int from) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT position, custom_id, params FROM batch_requests WHERE batch_id = :id"
                        + " AND position >= :from AND outcome IS NULL ORDER BY position LIMIT 1")
                .bind("id", batchId)
                .bind("from", from)
                .map(
                    (row, context) ->
                        new Waiting(
                            row.getInt("position"),
                            new BatchItem(row.getString("custom_id"), row.getString("params"))))
                .findOne());
  }

  /**
   * Gives a request its outcome, once.
   *
   * @throws IllegalStateException if another attempt gave it one; what this one did must then not
   *     be written either
   */
  static void settle(
      Handle handle,
      String batchId,
      int position,
      String requestId,
      BatchOutcome outcome,
      String result) {
    int changed =
        handle
            .createUpdate(
                "UPDATE batch_requests SET outcome = :outcome, request_id = :request,"
                    + " result = :result, params = '' WHERE batch_id = :batch"
                    + " AND position = :position AND (outcome IS NULL OR request_id = :request)")
            .bind("outcome", outcome.wireName())
            .bind("request", requestId)
            .bind("result", result)
            .bind("batch", batchId)
            .bind("position", position)
            .execute();
    if (changed == 0) {
      throw new IllegalStateException(
          "request %d of %s has its outcome already".formatted(position, batchId));
    }
  }

  /** Gives a request its outcome. */
  void settle(String batchId, int position, String requestId, BatchOutcome outcome, String result) {
    database.write(
        handle -> {
          settle(handle, batchId, position, requestId, outcome, result);
          return true;
        });
  }

  /** Ends a batch; what has no outcome gets this one. */
  void end(String id, BatchOutcome rest, String result, Instant now) {
    database.write(
        handle -> {
          handle
              .createUpdate(
                  "UPDATE batch_requests SET outcome = :outcome, result = :result, params = ''"
                      + " WHERE batch_id = :id AND outcome IS NULL")
              .bind("outcome", rest.wireName())
              .bind("result", result)
              .bind("id", id)
              .execute();
          return handle
              .createUpdate(
                  """
                  UPDATE message_batches SET ended_at_ms = :now,
                    succeeded = (SELECT count(*) FROM batch_requests
                      WHERE batch_id = :id AND outcome = 'succeeded'),
                    errored = (SELECT count(*) FROM batch_requests
                      WHERE batch_id = :id AND outcome = 'errored'),
                    canceled = (SELECT count(*) FROM batch_requests
                      WHERE batch_id = :id AND outcome = 'canceled'),
                    expired = (SELECT count(*) FROM batch_requests
                      WHERE batch_id = :id AND outcome = 'expired')
                  WHERE id = :id AND ended_at_ms IS NULL""")
              .bind("id", id)
              .bind("now", now.toEpochMilli())
              .execute();
        });
  }
}
