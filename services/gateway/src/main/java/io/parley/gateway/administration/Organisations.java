package io.parley.gateway.administration;

import io.parley.gateway.identity.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The tenants. Only the operator makes and changes them; a tenant sees itself. */
public final class Organisations {
  private static final String SELECT = "SELECT id, name, tier_id, created_at_ms FROM organisations";

  private final Store store;

  Organisations(Store store) {
    this.store = store;
  }

  /**
   * Makes an organisation, without members and keys.
   *
   * @throws io.parley.common.ParleyException NOT_FOUND if there is no such tier
   */
  public Organisation create(Actor actor, String name, String tierId) {
    return store.write(handle -> insert(handle, actor, name, tierId));
  }

  Organisation insert(Handle handle, Actor actor, String name, String tierId) {
    Tiers.get(handle, tierId);
    String valid = Texts.name("name", name, Texts.MAX_NAME_CHARS);
    Organisation made = new Organisation("org_" + store.ids().next(), valid, tierId, store.now());
    handle
        .createUpdate(
            "INSERT INTO organisations (id, name, tier_id, created_at_ms)"
                + " VALUES (:id, :name, :tier, :now)")
        .bind("id", made.id())
        .bind("name", made.name())
        .bind("tier", made.tierId())
        .bind("now", made.createdAt().toEpochMilli())
        .execute();
    Administrator by = new Administrator(actor, made.id());
    store.record(
        handle,
        by,
        "organization.create",
        made.id(),
        "name '%s', tier %s".formatted(valid, tierId));
    return made;
  }

  /** A page of all organisations, newest first. */
  public Page<Organisation> list(PageRequest page) {
    return store.read(
        handle ->
            new PageQuery<>(SELECT, "id", (row, context) -> organisation(row)).run(handle, page));
  }

  /** All organisations of a name, or the one of an id. */
  public List<Organisation> named(String nameOrId) {
    return store.read(
        handle ->
            handle
                .createQuery(SELECT + " WHERE id = :name OR name = :name ORDER BY id")
                .bind("name", nameOrId)
                .map((row, context) -> organisation(row))
                .list());
  }

  /** The names of the organisations with these ids, by id; what is not there is left out. */
  public Map<String, String> names(Collection<String> ids) {
    return ids.isEmpty()
        ? Map.of()
        : store.read(
            handle ->
                handle
                    .createQuery("SELECT id, name FROM organisations WHERE id IN (<ids>)")
                    .bindList("ids", List.copyOf(ids))
                    .reduceRows(
                        new HashMap<>(),
                        (names, row) -> {
                          names.put(
                              row.getColumn("id", String.class),
                              row.getColumn("name", String.class));
                          return names;
                        }));
  }

  /**
   * The administrator's own organisation.
   *
   * @throws io.parley.common.ParleyException NOT_FOUND if it is not there
   */
  public Organisation get(Administrator by) {
    return store.read(handle -> get(handle, by));
  }

  static Organisation get(Handle handle, Administrator by) {
    return handle
        .createQuery(SELECT + " WHERE id = :id")
        .bind("id", by.organisationId())
        .map((row, context) -> organisation(row))
        .findOne()
        .orElseThrow(() -> Store.missing("organization_id", "organisation", by.organisationId()));
  }

  /**
   * Gives it another name or tier; what is empty stays. Requests follow within a second.
   *
   * @throws io.parley.common.ParleyException NOT_FOUND if it or the tier is not there
   */
  public Organisation update(Administrator by, Optional<String> name, Optional<String> tierId) {
    return store.write(
        handle -> {
          Organisation old = get(handle, by);
          tierId.ifPresent(id -> Tiers.get(handle, id));
          Organisation changed =
              new Organisation(
                  old.id(),
                  name.map(n -> Texts.name("name", n, Texts.MAX_NAME_CHARS)).orElse(old.name()),
                  tierId.orElse(old.tierId()),
                  old.createdAt());
          handle
              .createUpdate("UPDATE organisations SET name = :name, tier_id = :tier WHERE id = :id")
              .bind("id", changed.id())
              .bind("name", changed.name())
              .bind("tier", changed.tierId())
              .execute();
          String detail = "name '%s', tier %s".formatted(changed.name(), changed.tierId());
          store.record(handle, by, "organization.update", changed.id(), detail);
          return changed;
        });
  }

  private static Organisation organisation(ResultSet row) throws SQLException {
    return new Organisation(
        row.getString("id"),
        row.getString("name"),
        row.getString("tier_id"),
        Rows.time(row, "created_at_ms"));
  }
}
