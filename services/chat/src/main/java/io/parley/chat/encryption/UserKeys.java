package io.parley.chat.encryption;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.common.keys.KeyRing;
import io.parley.concurrent.cache.CacheSettings;
import io.parley.concurrent.cache.StripedLruCache;
import io.parley.ports.data.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;

/**
 * A random key for each user, kept wrapped by a master key. Thread-safe; blocks on the database
 * when a key is not in memory.
 *
 * <p>A key that another process erased is forgotten within {@link #MEMORY}.
 */
public final class UserKeys {
  /** Keys in memory. */
  public static final int MAX_KEYS = 10_000;

  /** How long a key is believed to be there without looking. */
  public static final Duration MEMORY = Duration.ofMinutes(1);

  private static final int STRIPES = 8;
  private static final int REWRAPPED_AT_ONCE = 256;

  /** A row. */
  private static final class Wrapped {
    final String userId;
    final String masterKeyId;
    final byte[] bytes;

    Wrapped(ResultSet row) throws SQLException {
      userId = row.getString("user_id");
      masterKeyId = row.getString("master_key_id");
      bytes = row.getBytes("wrapped");
    }

    byte[] unwrap(MasterKeys masters) {
      return masters.unwrap(masterKeyId, userId, bytes);
    }
  }

  private final Database database;
  private final RandomGenerator random;
  private final StripedLruCache<String, UserKey> known;
  private volatile MasterKeys masters;

  /**
   * @param random cryptographically strong and thread-safe
   */
  public UserKeys(Database database, MasterKeys masters, TimeSource time, RandomGenerator random) {
    this.database = database;
    this.masters = masters;
    this.random = random;
    this.known =
        new StripedLruCache<>(
            STRIPES,
            CacheSettings.<String, UserKey>maxEntries(MAX_KEYS)
                .withTtl(MEMORY.toNanos(), time::nanoTime));
  }

  /** The key of a user; empty if it was never made or is erased. */
  public Optional<UserKey> find(String userId) {
    UserKey there = known.get(userId);
    if (there != null) {
      return Optional.of(there);
    }
    Optional<UserKey> read = database.read(handle -> select(handle, userId)).map(this::unwrap);
    read.ifPresent(key -> known.put(userId, key));
    return read;
  }

  /**
   * The key of a user, made if there is none.
   *
   * @throws ParleyException NOT_FOUND if there is no such user, or everything of theirs is being
   *     erased: what is on its way then must not be kept under a new key
   */
  public UserKey findOrMake(String userId) {
    return find(userId).orElseGet(() -> make(userId));
  }

  private UserKey make(String userId) {
    MasterKeys wrapping = masters;
    byte[] wrapped = wrapping.wrap(userId, KeyRing.newKey(random), random);
    // Of two who make it at once, one wins, and both use that one's.
    Wrapped kept =
        database.write(
            handle -> {
              insert(handle, userId, wrapping.newest(), wrapped);
              return select(handle, userId).orElseThrow(() -> gone(userId));
            });
    UserKey key = unwrap(kept);
    known.put(userId, key);
    return key;
  }

  private static void insert(Handle handle, String userId, String masterKeyId, byte[] wrapped) {
    handle
        .createUpdate(
            "INSERT INTO chat_user_keys (user_id, master_key_id, wrapped)"
                + " SELECT id, :master, :wrapped FROM chat_users"
                + " WHERE id = :user AND erasing_since_ms IS NULL"
                + " ON CONFLICT (user_id) DO NOTHING")
        .bind("user", userId)
        .bind("master", masterKeyId)
        .bind("wrapped", wrapped)
        .execute();
  }

  static ParleyException gone(String userId) {
    return new ParleyException(ErrorCode.NOT_FOUND, "the key of " + userId + " is gone for ever");
  }

  /** Erases a key, and with it everything that it encrypted. */
  public void erase(String userId) {
    database.write(
        handle -> handle.execute("DELETE FROM chat_user_keys WHERE user_id = ?", userId));
    known.remove(userId);
  }

  /**
   * Wraps by the newest of these master keys whatever another one wrapped. Bodies stay as they are,
   * since the users' keys do. May be repeated, also after it broke off; the old master keys may go
   * when it has returned.
   *
   * @return how many were wrapped again
   */
  public int rotate(MasterKeys newer) {
    masters = newer;
    int sum = 0;
    int some;
    do {
      some = database.write(handle -> rewrapSome(handle, newer));
      sum += some;
    } while (some > 0);
    return sum;
  }

  private int rewrapSome(Handle handle, MasterKeys newer) {
    List<Wrapped> old =
        handle
            .createQuery(
                "SELECT user_id, master_key_id, wrapped FROM chat_user_keys"
                    + " WHERE master_key_id <> :newest LIMIT :most")
            .bind("newest", newer.newest())
            .bind("most", REWRAPPED_AT_ONCE)
            .map((row, context) -> new Wrapped(row))
            .list();
    for (Wrapped key : old) {
      byte[] plain = key.unwrap(newer);
      handle.execute(
          "UPDATE chat_user_keys SET master_key_id = ?, wrapped = ? WHERE user_id = ?",
          newer.newest(),
          newer.wrap(key.userId, plain, random),
          key.userId);
    }
    return old.size();
  }

  private UserKey unwrap(Wrapped key) {
    return new UserKey(key.unwrap(masters));
  }

  private static Optional<Wrapped> select(Handle handle, String userId) {
    return handle
        .createQuery(
            "SELECT user_id, master_key_id, wrapped FROM chat_user_keys WHERE user_id = :user")
        .bind("user", userId)
        .map((row, context) -> new Wrapped(row))
        .findOne();
  }
}
