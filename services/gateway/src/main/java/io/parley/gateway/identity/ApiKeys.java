package io.parley.gateway.identity;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.gateway.Authenticator;
import io.parley.gateway.Principal;
import io.parley.ports.data.Database;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;

/** Organisations and API keys, kept in the database. Thread-safe; every method may block. */
public final class ApiKeys implements Authenticator {
  private final Database database;
  private final TimeSource time;
  private final RandomGenerator random;
  private final Ulid ulid;
  private final RecentPrincipals recent;

  /**
   * @param secureRandom cryptographically strong and thread-safe: it makes the secrets
   */
  public ApiKeys(Database database, TimeSource time, RandomGenerator secureRandom) {
    this.database = database;
    this.time = time;
    this.random = secureRandom;
    this.ulid = new Ulid(time, secureRandom);
    this.recent = new RecentPrincipals(time);
  }

  /** A key that {@link #revoke} took back may still pass for one second after it. */
  @Override
  public Optional<Principal> authenticate(String secret) {
    if (!Secrets.isWellFormed(secret)) {
      return Optional.empty();
    }
    String hash = Secrets.hash(secret);
    Optional<Principal> remembered = recent.get(hash);
    return remembered.isPresent() ? remembered : lookUp(hash);
  }

  private Optional<Principal> lookUp(String hash) {
    long begin = time.nanoTime();
    Optional<Principal> found =
        database.read(
            handle ->
                handle
                    .createQuery(
                        "SELECT organisation_id, id FROM api_keys"
                            + " WHERE hash = :hash AND revoked_at_ms IS NULL")
                    .bind("hash", hash)
                    .map((row, context) -> new Principal(row.getString(1), row.getString(2)))
                    .findOne());
    found.ifPresent(principal -> recent.put(hash, principal, begin));
    return found;
  }

  /**
   * On an empty database makes an organisation and a key for it; otherwise does nothing.
   *
   * @param deliver gets the key inside the transaction: only if it returns does the key exist, so a
   *     crash cannot leave an organisation whose key nobody has seen
   * @return the key, on the one call that made it
   */
  public Optional<NewApiKey> bootstrap(Consumer<NewApiKey> deliver) {
    return database.write(
        handle -> {
          if (hasOrganisation(handle)) {
            return Optional.empty();
          }
          NewApiKey key = insertKey(handle, insertOrganisation(handle, "default"), "first key");
          deliver.accept(key);
          return Optional.of(key);
        });
  }

  /**
   * Makes a key.
   *
   * @param name for people
   * @throws ParleyException NOT_FOUND if there is no such organisation
   */
  public NewApiKey create(String organisationId, String name) {
    return database.write(
        handle -> {
          if (!hasOrganisation(handle, organisationId)) {
            throw new ParleyException(
                ErrorCode.NOT_FOUND, "there is no organisation '" + organisationId + "'");
          }
          return insertKey(handle, organisationId, name);
        });
  }

  /**
   * Takes a key back; does nothing if that was done before.
   *
   * @throws ParleyException NOT_FOUND if there is no such key
   */
  public void revoke(String apiKeyId) {
    int changed =
        database.write(
            handle ->
                handle
                    .createUpdate(
                        "UPDATE api_keys SET revoked_at_ms = COALESCE(revoked_at_ms, :now)"
                            + " WHERE id = :id")
                    .bind("now", time.now().toEpochMilli())
                    .bind("id", apiKeyId)
                    .execute());
    if (changed == 0) {
      throw new ParleyException(ErrorCode.NOT_FOUND, "there is no API key '" + apiKeyId + "'");
    }
  }

  private static boolean hasOrganisation(Handle handle) {
    return handle
        .createQuery("SELECT id FROM organisations LIMIT 1")
        .mapTo(String.class)
        .findOne()
        .isPresent();
  }

  private static boolean hasOrganisation(Handle handle, String id) {
    return handle
        .createQuery("SELECT id FROM organisations WHERE id = :id")
        .bind("id", id)
        .mapTo(String.class)
        .findOne()
        .isPresent();
  }

  private String insertOrganisation(Handle handle, String name) {
    String id = "org_" + ulid.next();
    handle
        .createUpdate(
            "INSERT INTO organisations (id, name, created_at_ms) VALUES (:id, :name, :now)")
        .bind("id", id)
        .bind("name", name)
        .bind("now", time.now().toEpochMilli())
        .execute();
    return id;
  }

  private NewApiKey insertKey(Handle handle, String organisationId, String name) {
    String secret = Secrets.next(random);
    NewApiKey key = new NewApiKey(new Principal(organisationId, "key_" + ulid.next()), secret);
    handle
        .createUpdate(
            "INSERT INTO api_keys (id, organisation_id, name, hash, shown_prefix, created_at_ms)"
                + " VALUES (:id, :organisation, :name, :hash, :shown, :now)")
        .bind("id", key.principal().apiKeyId())
        .bind("organisation", organisationId)
        .bind("name", name)
        .bind("hash", Secrets.hash(secret))
        .bind("shown", Secrets.shownPrefix(secret))
        .bind("now", time.now().toEpochMilli())
        .execute();
    return key;
  }
}
