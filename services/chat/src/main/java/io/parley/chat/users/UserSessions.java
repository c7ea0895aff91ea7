package io.parley.chat.users;

import io.parley.common.TimeSource;
import io.parley.ports.data.Database;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * For how long it is believed that somebody is who they proved to be. A session ends when it is
 * revoked, when it is not used for a while, and at the latest after a fixed time; whatever ended is
 * as unknown as what never was. Thread-safe; blocks on the database.
 */
public final class UserSessions {
  private final Database database;
  private final TimeSource time;
  private final RandomGenerator random;
  private final AccountSettings settings;

  /**
   * @param random cryptographically strong and thread-safe
   */
  public UserSessions(
      Database database, TimeSource time, RandomGenerator random, AccountSettings settings) {
    this.database = database;
    this.time = time;
    this.random = random;
    this.settings = settings;
  }

  /**
   * A new session in the transaction of whatever it is for. The one that was presented ends, so
   * that a token which somebody planted in a browser is worth nothing after the log-in.
   */
  SessionToken begin(Handle handle, String userId, Optional<SessionToken> presented) {
    presented.ifPresent(old -> SessionRows.delete(handle, old));
    SessionToken token = SessionToken.next(random);
    Instant now = time.now();
    SessionRows.insert(handle, token, userId, now, now.plus(settings.sessionLife()));
    SessionRows.trim(handle, userId, AccountLimits.MAX_SESSIONS);
    return token;
  }

  /** Whose session it is, if it still holds. */
  public Optional<User> user(SessionToken token) {
    Instant now = time.now();
    Optional<SessionRows.Row> row =
        database.read(handle -> SessionRows.find(handle, token)).filter(r -> holds(r, now));
    Optional<User> user =
        row.flatMap(found -> database.read(handle -> UserRows.byId(handle, found.userId())));
    if (user.isPresent() && isOld(row.get().lastSeenAt(), now)) {
      database.write(handle -> SessionRows.seen(handle, token, now));
    }
    return user;
  }

  /** Those of many sessions that still hold; to ask so is no use of them. */
  public Set<SessionToken> holding(Collection<SessionToken> tokens) {
    Instant now = time.now();
    Instant idleSince = now.minus(settings.sessionIdle());
    Set<String> hashes =
        database.read(handle -> SessionRows.holding(handle, tokens, now, idleSince));
    return tokens.stream()
        .filter(token -> hashes.contains(token.hash()))
        .collect(Collectors.toUnmodifiableSet());
  }

  private boolean holds(SessionRows.Row row, Instant now) {
    return now.isBefore(row.expiresAt())
        && now.isBefore(row.lastSeenAt().plus(settings.sessionIdle()));
  }

  private static boolean isOld(Instant lastSeenAt, Instant now) {
    return !now.isBefore(lastSeenAt.plus(AccountLimits.LAST_SEEN_STEP));
  }

  /** Ends one session. */
  public void revoke(SessionToken token) {
    database.write(handle -> SessionRows.delete(handle, token));
  }

  /** Ends all others of a session's user. */
  public void revokeOthers(String userId, SessionToken kept) {
    database.write(handle -> SessionRows.deleteOthersOf(handle, userId, kept));
  }

  /** Forgets what ended by itself; how many that were. */
  public int sweep() {
    Instant now = time.now();
    return database.write(
        handle -> SessionRows.deleteEnded(handle, now, now.minus(settings.sessionIdle())));
  }
}
