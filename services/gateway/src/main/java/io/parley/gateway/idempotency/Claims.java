package io.parley.gateway.idempotency;

import io.parley.common.TimeSource;
import io.parley.gateway.Principal;
import io.parley.gateway.idempotency.Standing.Mine;
import io.parley.gateway.messages.Conclusion;
import io.parley.gateway.messages.Conclusion.Outcome;
import io.parley.gateway.messages.Ledger;
import io.parley.ports.data.Database;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may generate the answer for an idempotency key, and what it was.
 *
 * <p>The first request with a key claims it in the database. It holds the claim by a lease, which
 * {@link #upkeep} renews as long as the process lives; so a claim whose server died can be taken
 * over when its lease has run out. As a {@link Ledger} this writes the answer down in the one
 * transaction that also bills it: after a crash there are both or neither. A request that failed or
 * was abandoned leaves no answer, and its key is free again.
 *
 * <p>Thread-safe. All methods block. Servers that share a database should have clocks that agree to
 * much less than the lease.
 */
public final class Claims implements Ledger {
  private static final Logger log = LoggerFactory.getLogger(Claims.class);

  /** Rows deleted in one transaction, so that no request waits long behind it. */
  static final int SWEEP_ROWS = 500;

  /** Transactions of one upkeep at most; what is left has to wait for the next. */
  private static final int SWEEP_STEPS = 20;

  /** Leases renewed by one statement. */
  private static final int RENEWED_ROWS = 500;

  private final Database database;
  private final TimeSource time;
  private final IdempotencyLimits limits;
  private final Map<String, Claim> held = new ConcurrentHashMap<>();
  private final AtomicBoolean keeping = new AtomicBoolean();

  public Claims(Database database, TimeSource time, IdempotencyLimits limits) {
    this.database = database;
    this.time = time;
    this.limits = limits;
  }

  /**
   * Frees every key whose request never came to an end. For a server that starts and shares its
   * database with no other: whoever held a claim is dead, and nobody needs to wait for its lease.
   */
  public void freeAll() {
    database.write(
        handle -> handle.execute("DELETE FROM idempotency_keys WHERE state = 'running'"));
  }

  public IdempotencyLimits limits() {
    return limits;
  }

  /**
   * Claims the key for a request, or tells who has it.
   *
   * @param messageId the answer's, should the request be the first
   * @throws io.parley.common.ParleyException CONFLICT if the key was used with another body, or its
   *     answer is not kept
   */
  public Standing claim(IdempotencyKey key, String bodyHash, String requestId, String messageId) {
    Optional<Standing> known = look(key, bodyHash);
    return known.orElseGet(
        () -> database.write(handle -> claim(handle, key, bodyHash, requestId, messageId)));
  }

  /**
   * How it stands with the key, without claiming it; empty if it is free.
   *
   * @throws io.parley.common.ParleyException as {@link #claim}
   */
  public Optional<Standing> look(IdempotencyKey key, String bodyHash) {
    return database
        .read(handle -> KeyRow.find(handle, key))
        .filter(row -> row.counts(nowMs()))
        .map(row -> row.standing(bodyHash));
  }

  /** The answer of that id, if it is kept and the caller's own. */
  public Optional<StoredAnswer> find(Principal principal, String messageId) {
    return database
        .read(
            handle ->
                handle
                    .createQuery(
                        "SELECT * FROM idempotency_keys WHERE message_id = :message"
                            + " AND organisation_id = :organisation AND workspace_id = :workspace"
                            + " AND state = 'answered'")
                    .bind("message", messageId)
                    .bind("organisation", principal.organisationId())
                    .bind("workspace", principal.workspaceId().orElse(""))
                    .map(KeyRow::read)
                    .findOne())
        .filter(row -> row.counts(nowMs()))
        .map(KeyRow::answer);
  }

  private Standing claim(
      Handle handle, IdempotencyKey key, String bodyHash, String requestId, String messageId) {
    long now = nowMs();
    Optional<KeyRow> row = KeyRow.find(handle, key).filter(found -> found.counts(now));
    if (row.isPresent() && !row.get().requestId().equals(requestId)) {
      return row.get().standing(bodyHash);
    }
    handle
        .createUpdate(
            """
            INSERT INTO idempotency_keys (organisation_id, workspace_id, idempotency_key,
                body_hash, request_id, message_id, state, lease_until_ms, expires_at_ms)
            VALUES (:organisation, :workspace, :key, :hash, :request, :message, 'running',
                :lease, :expires)
            ON CONFLICT (organisation_id, workspace_id, idempotency_key) DO UPDATE SET
                body_hash = :hash, request_id = :request, message_id = :message,
                state = 'running', lease_until_ms = :lease, expires_at_ms = :expires,
                stream = NULL, notice = NULL, queue_ms = NULL, body = NULL""")
        .bind("organisation", key.organisationId())
        .bind("workspace", key.workspaceId())
        .bind("key", key.value())
        .bind("hash", bodyHash)
        .bind("request", requestId)
        .bind("message", messageId)
        .bind("lease", now + limits.leaseMs())
        .bind("expires", now + limits.keptMs())
        .execute();
    Claim claim = new Claim(key, bodyHash, requestId);
    held.put(requestId, claim);
    return new Mine(claim);
  }

  /** Frees a key whose request came to nothing; does nothing if there is an answer. */
  public void release(Claim claim) {
    try {
      database.write(handle -> release(handle, claim.requestId()));
    } finally {
      drop(claim);
    }
  }

  /** Stops to renew the lease: the claim is settled, or lost. Does not block. */
  public void drop(Claim claim) {
    held.remove(claim.requestId());
    claim.forget();
  }

  private static int release(Handle handle, String requestId) {
    return handle
        .createUpdate(
            "DELETE FROM idempotency_keys WHERE request_id = :request AND state = 'running'")
        .bind("request", requestId)
        .execute();
  }

  /** Only requests that came with a key. */
  @Override
  public boolean concerns(Conclusion conclusion) {
    return held.containsKey(conclusion.request().requestId());
  }

  /** Keeps the answer of a request that came with a key, or frees the key. */
  @Override
  public void write(Handle transaction, Conclusion conclusion) {
    Claim claim = held.get(conclusion.request().requestId());
    if (claim == null) {
      return;
    }
    if (conclusion.outcome() instanceof Outcome.Answered) {
      keep(transaction, claim);
    } else {
      release(transaction, claim.requestId());
    }
  }

  /**
   * A claim that was lost has been answered, and billed, by another: this answer must be neither.
   */
  private static void keep(Handle transaction, Claim claim) {
    int rows =
        claim
            .answer()
            .map(answer -> keep(transaction, claim.requestId(), answer))
            .orElseGet(() -> keepNothing(transaction, claim.requestId()));
    if (rows == 0) {
      throw new IllegalStateException("the claim of " + claim.requestId() + " was lost");
    }
  }

  private static int keep(Handle transaction, String requestId, StoredAnswer answer) {
    return transaction
        .createUpdate(
            """
            UPDATE idempotency_keys SET state = 'answered', stream = :stream, notice = :notice,
                queue_ms = :queue, body = :body
            WHERE request_id = :request""")
        .bind("stream", answer.stream())
        .bind("notice", answer.notice())
        .bind("queue", answer.queueMs())
        .bind("body", answer.body())
        .bind("request", requestId)
        .execute();
  }

  private static int keepNothing(Handle transaction, String requestId) {
    return transaction
        .createUpdate("UPDATE idempotency_keys SET state = 'too_long' WHERE request_id = :request")
        .bind("request", requestId)
        .execute();
  }

  /**
   * Renews leases and deletes what has expired; called every {@link IdempotencyLimits#upkeepMs}.
   */
  public void upkeep() {
    if (!keeping.compareAndSet(false, true)) {
      return;
    }
    try {
      renew(List.copyOf(held.keySet()));
      int step = 0;
      while (sweep() == SWEEP_ROWS && step < SWEEP_STEPS) {
        step++;
      }
    } catch (RuntimeException e) {
      log.warn("idempotency keys could not be kept up", e);
    } finally {
      keeping.set(false);
    }
  }

  private void renew(List<String> requestIds) {
    for (int from = 0; from < requestIds.size(); from += RENEWED_ROWS) {
      List<String> some =
          requestIds.subList(from, Math.min(requestIds.size(), from + RENEWED_ROWS));
      database.write(
          handle ->
              handle
                  .createUpdate(
                      "UPDATE idempotency_keys SET lease_until_ms = :lease"
                          + " WHERE state = 'running' AND request_id IN (<requests>)")
                  .bind("lease", nowMs() + limits.leaseMs())
                  .bindList("requests", some)
                  .execute());
    }
  }

  private int sweep() {
    return database.write(
        handle ->
            handle
                .createUpdate(
                    "DELETE FROM idempotency_keys WHERE request_id IN (SELECT request_id"
                        + " FROM idempotency_keys WHERE expires_at_ms <= :now LIMIT "
                        + SWEEP_ROWS
                        + ")")
                .bind("now", nowMs())
                .execute());
  }

  private long nowMs() {
    return time.now().toEpochMilli();
  }
}
