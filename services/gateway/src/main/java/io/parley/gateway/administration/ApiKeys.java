package io.parley.gateway.administration;

import io.parley.common.ParleyException;
import io.parley.gateway.identity.KeyKind;
import io.parley.gateway.identity.Rows;
import io.parley.gateway.identity.Secrets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an organisation, of both kinds. A method that is given a kind sees no key of the
 * other: who holds an admin key administers API keys, and not the keys of administrators.
 */
public final class ApiKeys {
  private static final String SELECT =
      "SELECT kind, id, organisation_id, name, workspace_id, shown_prefix, status, scopes,"
          + " created_by_kind, created_by_id, created_at_ms, expires_at_ms, last_used_at_ms"
          + " FROM api_keys";
  private static final String OWN =
      " WHERE id = :id AND organisation_id = :organisation AND kind = :kind";

  private final Store store;

  ApiKeys(Store store) {
    this.store = store;
  }

  /**
   * Makes a key.
   *
   * @throws ParleyException NOT_FOUND if the organisation or the workspace is not there, CONFLICT
   *     if the workspace is archived or there are as many keys as there may be, INVALID_REQUEST if
   *     it would have expired already
   */
  public NewApiKey create(Administrator by, KeySpec spec) {
    return store.write(handle -> insert(handle, by, spec));
  }

  NewApiKey insert(Handle handle, Administrator by, KeySpec spec) {
    Instant now = store.now();
    check(handle, by, spec, now);
    String secret = Secrets.next(spec.kind(), store.random());
    ApiKey key =
        new ApiKey(
            spec.kind(),
            spec.kind().idPrefix() + store.ids().next(),
            spec.name(),
            spec.workspaceId(),
            Secrets.shownPrefix(spec.kind(), secret),
            KeyStatus.ACTIVE,
            spec.scopes(),
            by.actor(),
            now,
            spec.expiresAt(),
            Optional.empty());
    insertRow(handle, by, key, Secrets.hash(secret));
    String detail = "name '%s', scopes %s".formatted(key.name(), Rows.column(key.scopes()));
    store.record(handle, by, action(key.kind(), "create"), key.id(), detail);
    return new NewApiKey(by.organisationId(), key, secret);
  }

  private void check(Handle handle, Administrator by, KeySpec spec, Instant now) {
    Organisations.get(handle, by);
    spec.workspaceId().ifPresent(id -> Workspaces.open(handle, by, id));
    if (spec.expiresAt().isPresent() && !now.isBefore(spec.expiresAt().get())) {
      throw ParleyException.invalid("expires_at: must be in the future");
    }
    store.refuseAbove(
        handle,
        by.organisationId(),
        "SELECT count(*) FROM api_keys"
            + " WHERE organisation_id = :organisation AND status <> 'archived'",
        store.limits().keys(),
        "keys");
  }

  private static void insertRow(Handle handle, Administrator by, ApiKey key, String hash) {
    handle
        .createUpdate(
            "INSERT INTO api_keys (kind, id, organisation_id, name, workspace_id, hash,"
                + " shown_prefix, status, scopes, created_by_kind, created_by_id, created_at_ms,"
                + " expires_at_ms)"
                + " VALUES (:kind, :id, :organisation, :name, :workspace, :hash, :shown, :status,"
                + " :scopes, :creatorKind, :creator, :now, :expires)")
        .bind("kind", key.kind().wireName())
        .bind("id", key.id())
        .bind("organisation", by.organisationId())
        .bind("name", key.name())
        .bind("workspace", key.workspaceId().orElse(null))
        .bind("hash", hash)
        .bind("shown", key.shownPrefix())
        .bind("status", key.status().wireName())
        .bind("scopes", Rows.column(key.scopes()))
        .bind("creatorKind", key.createdBy().kind().wireName())
        .bind("creator", key.createdBy().id())
        .bind("now", key.createdAt().toEpochMilli())
        .bind("expires", millis(key.expiresAt()))
        .execute();
  }

  private static @Nullable Long millis(Optional<Instant> instant) {
    return instant.map(Instant::toEpochMilli).orElse(null);
  }

  /** A page, newest first. */
  public Page<ApiKey> list(Administrator by, KeyKind kind, KeyFilter filter, PageRequest page) {
    Instant now = store.now();
    return store.read(
        handle -> {
          PageQuery<ApiKey> query =
              new PageQuery<>(SELECT, "id", (row, context) -> key(row, now))
                  .where("organisation_id = :organisation", "organisation", by.organisationId())
                  .where("kind = :kind", "kind", kind.wireName())
                  .whereIf("workspace_id = :workspace", "workspace", filter.workspaceId())
                  .whereIf("created_by_id = :creator", "creator", filter.createdBy());
          filter.status().ifPresent(status -> where(query, status, now));
          return query.run(handle, page);
        });
  }

  private static void where(PageQuery<ApiKey> query, KeyStatus status, Instant now) {
    switch (status) {
      case ACTIVE ->
          query
              .where("status = 'active'")
              .where("(expires_at_ms IS NULL OR expires_at_ms > :now)", "now", now.toEpochMilli());
      case EXPIRED ->
          query
              .where("status = 'active'")
              .where("expires_at_ms <= :now", "now", now.toEpochMilli());
      case INACTIVE, ARCHIVED -> query.where("status = :status", "status", status.wireName());
    }
  }

  /**
   * One key.
   *
   * @throws ParleyException NOT_FOUND if there is none
   */
  public ApiKey get(Administrator by, KeyKind kind, String id) {
    return store.read(handle -> get(handle, by, kind, id));
  }

  private ApiKey get(Handle handle, Administrator by, KeyKind kind, String id) {
    Instant now = store.now();
    return handle
        .createQuery(SELECT + OWN)
        .bind("id", id)
        .bind("organisation", by.organisationId())
        .bind("kind", kind.wireName())
        .map((row, context) -> key(row, now))
        .findOne()
        .orElseThrow(() -> missing(id));
  }

  /** The id of the organisation that a key belongs to; for the operator, who may know that. */
  public Optional<String> organisationOf(String id) {
    return store.read(
        handle ->
            handle
                .createQuery("SELECT organisation_id FROM api_keys WHERE id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .findOne());
  }

  /**
   * Gives a key another name or status; what is empty stays. A key that is not active any more
   * opens nothing after a second at the latest.
   *
   * @throws ParleyException NOT_FOUND if there is none, CONFLICT if it is archived and is to be
   *     something else
   */
  public ApiKey update(
      Administrator by, KeyKind kind, String id, Optional<String> name, Optional<KeyStatus> to) {
    if (to.equals(Optional.of(KeyStatus.EXPIRED))) {
      throw ParleyException.invalid("status: a key expires by itself");
    }
    return store.write(
        handle -> {
          ApiKey old = get(handle, by, kind, id);
          if (old.status() == KeyStatus.ARCHIVED && to.isPresent() && to.get() != old.status()) {
            throw Store.conflict("status: an archived key stays archived; make a new one");
          }
          name.ifPresent(given -> rename(handle, by, kind, id, given));
          to.ifPresent(status -> set(handle, by, kind, id, "status", status.wireName()));
          ApiKey changed = get(handle, by, kind, id);
          String detail = "name '%s', %s".formatted(changed.name(), changed.status().wireName());
          store.record(handle, by, action(kind, "update"), id, detail);
          return changed;
        });
  }

  private static void rename(
      Handle handle, Administrator by, KeyKind kind, String id, String name) {
    set(handle, by, kind, id, "name", Texts.name("name", name, Texts.MAX_KEY_NAME_CHARS));
  }

  private static void set(
      Handle handle, Administrator by, KeyKind kind, String id, String column, String value) {
    handle
        .createUpdate("UPDATE api_keys SET " + column + " = :value" + OWN)
        .bind("value", value)
        .bind("id", id)
        .bind("organisation", by.organisationId())
        .bind("kind", kind.wireName())
        .execute();
  }

  /** Archives what belongs to a workspace; tells how many keys that were. */
  static int archiveAllOf(Handle handle, Administrator by, String workspaceId) {
    return handle
        .createUpdate(
            "UPDATE api_keys SET status = 'archived' WHERE workspace_id = :workspace"
                + " AND organisation_id = :organisation AND status <> 'archived'")
        .bind("workspace", workspaceId)
        .bind("organisation", by.organisationId())
        .execute();
  }

  static ParleyException missing(String id) {
    return Store.missing("api_key_id", "API key", id);
  }

  private static String action(KeyKind kind, String verb) {
    return kind.wireName() + "_key." + verb;
  }

  private static ApiKey key(ResultSet row, Instant now) throws SQLException {
    Optional<Instant> expires = Rows.instant(row, "expires_at_ms");
    return new ApiKey(
        KeyKind.of(row.getString("kind")),
        row.getString("id"),
        row.getString("name"),
        Optional.ofNullable(row.getString("workspace_id")),
        row.getString("shown_prefix"),
        status(row.getString("status"), expires, now),
        Rows.scopes(row.getString("scopes")),
        new Actor(Actor.Kind.of(row.getString("created_by_kind")), row.getString("created_by_id")),
        Rows.time(row, "created_at_ms"),
        expires,
        Rows.instant(row, "last_used_at_ms"));
  }

  private static KeyStatus status(String stored, Optional<Instant> expires, Instant now) {
    KeyStatus status = KeyStatus.of(stored).orElse(KeyStatus.INACTIVE);
    boolean over = expires.isPresent() && !now.isBefore(expires.get());
    return status == KeyStatus.ACTIVE && over ? KeyStatus.EXPIRED : status;
  }
}
