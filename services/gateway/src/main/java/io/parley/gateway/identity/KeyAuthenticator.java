package io.parley.gateway.identity;

import io.parley.common.TimeSource;
import io.parley.gateway.Authenticator;
import io.parley.gateway.Principal;
import io.parley.ports.data.Database;
import io.parley.ports.model.Share;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * Knows keys of both kinds by the hashes in the database. Thread-safe; may block.
 *
 * <p>What it finds it remembers for a second. So a key that was taken back, by whatever process,
 * passes for one second more at most, and so does a change of its scopes or of its organisation's
 * tier. A key that expires does so to the moment. Of those who come with one key while one of them
 * looks it up, the others wait for what he finds.
 */
public final class KeyAuthenticator implements Authenticator {
  private static final Duration FOREVER = Duration.ofDays(36_500);

  /** Keys that are looked up at the same time; a power of two. */
  private static final int LOCKS = 256;

  private static final String BY_HASH =
      "SELECT k.id, k.hash, k.organisation_id, k.workspace_id, k.scopes, k.expires_at_ms,"
          + " k.last_used_at_ms, t.weight_milli, t.max_running"
          + " FROM api_keys k"
          + " JOIN organisations o ON o.id = k.organisation_id"
          + " JOIN tiers t ON t.id = o.tier_id"
          + " WHERE k.hash = :hash AND k.status = 'active'";

  private final Object[] lookingUp = Stream.generate(Object::new).limit(LOCKS).toArray();
  private final Database database;
  private final TimeSource time;
  private final RecentPrincipals recent;
  private final LastUse lastUse;

  private record Found(
      Principal principal, String hash, Optional<Instant> expires, Optional<Instant> lastUsed) {}

  /**
   * Knows the keys of a database.
   *
   * @param background runs what blocks and nobody waits for
   */
  public KeyAuthenticator(Database database, TimeSource time, Executor background) {
    this.database = database;
    this.time = time;
    this.recent = new RecentPrincipals(time);
    this.lastUse = new LastUse(database, time, background);
  }

  @Override
  public Optional<Principal> authenticate(String secret) {
    if (!Secrets.isWellFormed(secret)) {
      return Optional.empty();
    }
    String hash = Secrets.hash(secret);
    Optional<Principal> remembered = recent.get(hash);
    if (remembered.isPresent()) {
      return remembered;
    }
    synchronized (lookingUp[hash.hashCode() & (LOCKS - 1)]) {
      Optional<Principal> found = recent.get(hash);
      return found.isPresent() ? found : lookUp(hash);
    }
  }

  private Optional<Principal> lookUp(String hash) {
    long begin = time.nanoTime();
    Instant now = time.now();
    Optional<Found> found = read(hash).filter(key -> Secrets.sameHash(key.hash, hash));
    Duration good = found.flatMap(Found::expires).map(e -> between(now, e)).orElse(FOREVER);
    if (found.isEmpty() || !good.isPositive()) {
      return Optional.empty();
    }
    Principal principal = found.get().principal;
    recent.put(hash, principal, begin, good);
    lastUse.note(principal.apiKeyId(), found.get().lastUsed);
    return Optional.of(principal);
  }

  /** Any length that a year in the far future may give, cut to what fits into nanoseconds. */
  private static Duration between(Instant now, Instant expires) {
    Duration left = Duration.between(now, expires);
    return left.compareTo(FOREVER) < 0 ? left : FOREVER;
  }

  private Optional<Found> read(String hash) {
    return database.read(
        handle ->
            handle
                .createQuery(BY_HASH)
                .bind("hash", hash)
                .map((row, context) -> found(row))
                .findOne());
  }

  private static Found found(ResultSet row) throws SQLException {
    Principal principal =
        new Principal(
            row.getString("organisation_id"),
            Optional.ofNullable(row.getString("workspace_id")),
            row.getString("id"),
            Rows.scopes(row.getString("scopes")),
            new Share(row.getLong("weight_milli") / 1_000.0, maxRunning(row)));
    return new Found(
        principal,
        row.getString("hash"),
        Rows.instant(row, "expires_at_ms"),
        Rows.instant(row, "last_used_at_ms"));
  }

  private static int maxRunning(ResultSet row) throws SQLException {
    int most = row.getInt("max_running");
    return row.wasNull() ? Integer.MAX_VALUE : most;
  }
}
