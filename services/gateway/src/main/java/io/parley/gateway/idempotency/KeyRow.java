package io.parley.gateway.idempotency;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** A row of {@code idempotency_keys}. */
@SuppressWarnings("ArrayRecordComponent") // it is handed on, never compared
record KeyRow(
    String requestId,
    String messageId,
    String bodyHash,
    String state,
    long leaseUntilMs,
    long expiresAtMs,
    boolean stream,
    @Nullable String notice,
    long queueMs,
    byte @Nullable [] body) {
  static final String RUNNING = "running";
  static final String ANSWERED = "answered";
  static final String TOO_LONG = "too_long";

  static Optional<KeyRow> find(Handle handle, IdempotencyKey key) {
    return handle
        .createQuery(
            "SELECT * FROM idempotency_keys WHERE organisation_id = :organisation"
                + " AND workspace_id = :workspace AND idempotency_key = :key")
        .bind("organisation", key.organisationId())
        .bind("workspace", key.workspaceId())
        .bind("key", key.value())
        .map(KeyRow::read)
        .findOne();
  }

  static KeyRow read(ResultSet row, StatementContext context) throws SQLException {
    return new KeyRow(
        row.getString("request_id"),
        row.getString("message_id"),
        row.getString("body_hash"),
        row.getString("state"),
        row.getLong("lease_until_ms"),
        row.getLong("expires_at_ms"),
        row.getBoolean("stream"),
        row.getString("notice"),
        row.getLong("queue_ms"),
        row.getBytes("body"));
  }

  /** Whether the key still means this request. */
  boolean counts(long nowMs) {
    return expiresAtMs > nowMs && (!state.equals(RUNNING) || leaseUntilMs > nowMs);
  }

  /**
   * What it means for a request with this body.
   *
   * @throws ParleyException CONFLICT if the body is another, or the answer is not kept
   */
  Standing standing(String hash) {
    if (!bodyHash.equals(hash)) {
      throw new ParleyException(
          ErrorCode.CONFLICT,
          "idempotency-key: this one, or this x-request-id, was used for a request with another"
              + " body; use a new one for a new request");
    }
    return switch (state) {
      case ANSWERED -> new Standing.Answered(answer());
      case TOO_LONG ->
          throw new ParleyException(
              ErrorCode.CONFLICT,
              "idempotency-key: the request was answered as "
                  + messageId
                  + ", and the answer was"
                  + " too long to be kept; use a new key to ask again");
      default -> new Standing.Running(requestId, messageId);
    };
  }

  StoredAnswer answer() {
    return new StoredAnswer(
        messageId, stream, Objects.requireNonNull(notice), queueMs, Objects.requireNonNull(body));
  }
}
