package io.parley.gateway.administration;

import io.parley.gateway.identity.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The workspaces of an organisation. */
public final class Workspaces {
  private static final String SELECT =
      "SELECT id, name, display_color, created_at_ms, archived_at_ms FROM workspaces";

  private final Store store;

  Workspaces(Store store) {
    this.store = store;
  }

  /**
   * Makes a workspace.
   *
   * @param displayColor empty for the usual one
   * @throws io.parley.common.ParleyException CONFLICT if there are as many as there may be
   */
  public Workspace create(Administrator by, String name, Optional<String> displayColor) {
    String validName = name(name);
    String color = Texts.color(displayColor.orElse(Workspace.DEFAULT_COLOR));
    return store.write(
        handle -> {
          Organisations.get(handle, by);
          store.refuseAbove(
              handle,
              by.organisationId(),
              "SELECT count(*) FROM workspaces"
                  + " WHERE organisation_id = :organisation AND archived_at_ms IS NULL",
              store.limits().workspaces(),
              "workspaces");
          Workspace made =
              new Workspace(
                  "wrkspc_" + store.ids().next(), validName, color, store.now(), Optional.empty());
          insert(handle, by, made);
          store.record(handle, by, "workspace.create", made.id(), "name '" + validName + "'");
          return made;
        });
  }

  private static void insert(Handle handle, Administrator by, Workspace workspace) {
    handle
        .createUpdate(
            "INSERT INTO workspaces (id, organisation_id, name, display_color, created_at_ms)"
                + " VALUES (:id, :organisation, :name, :color, :now)")
        .bind("id", workspace.id())
        .bind("organisation", by.organisationId())
        .bind("name", workspace.name())
        .bind("color", workspace.displayColor())
        .bind("now", workspace.createdAt().toEpochMilli())
        .execute();
  }

  /** A page, newest first. */
  public Page<Workspace> list(Administrator by, boolean includeArchived, PageRequest page) {
    return store.read(
        handle -> {
          PageQuery<Workspace> query =
              new PageQuery<>(SELECT, "id", (row, context) -> workspace(row))
                  .where("organisation_id = :organisation", "organisation", by.organisationId());
          return (includeArchived ? query : query.where("archived_at_ms IS NULL"))
              .run(handle, page);
        });
  }

  /**
   * One workspace, archived or not.
   *
   * @throws io.parley.common.ParleyException NOT_FOUND if there is none
   */
  public Workspace get(Administrator by, String id) {
    return store.read(handle -> get(handle, by, id));
  }

  static Workspace get(Handle handle, Administrator by, String id) {
    return handle
        .createQuery(SELECT + " WHERE id = :id AND organisation_id = :organisation")
        .bind("id", id)
        .bind("organisation", by.organisationId())
        .map((row, context) -> workspace(row))
        .findOne()
        .orElseThrow(() -> Store.missing("workspace_id", "workspace", id));
  }

  /**
   * One that is in use.
   *
   * @throws io.parley.common.ParleyException NOT_FOUND if there is none, CONFLICT if it is archived
   */
  static Workspace open(Handle handle, Administrator by, String id) {
    Workspace workspace = get(handle, by, id);
    if (workspace.archivedAt().isPresent()) {
      throw Store.conflict("workspace_id: the workspace '" + id + "' is archived");
    }
    return workspace;
  }

  /** Gives it another name or color; what is empty stays. */
  public Workspace update(
      Administrator by, String id, Optional<String> name, Optional<String> displayColor) {
    Optional<String> validName = name.map(Workspaces::name);
    Optional<String> color = displayColor.map(Texts::color);
    return store.write(
        handle -> {
          Workspace old = open(handle, by, id);
          Workspace changed =
              new Workspace(
                  id,
                  validName.orElse(old.name()),
                  color.orElse(old.displayColor()),
                  old.createdAt(),
                  old.archivedAt());
          handle
              .createUpdate(
                  "UPDATE workspaces SET name = :name, display_color = :color"
                      + " WHERE id = :id AND organisation_id = :organisation")
              .bind("id", id)
              .bind("organisation", by.organisationId())
              .bind("name", changed.name())
              .bind("color", changed.displayColor())
              .execute();
          store.record(handle, by, "workspace.update", id, "name '" + changed.name() + "'");
          return changed;
        });
  }

  /** Closes it for good, and archives its keys with it. Doing it again changes nothing. */
  public Workspace archive(Administrator by, String id) {
    return store.write(
        handle -> {
          Workspace old = get(handle, by, id);
          if (old.archivedAt().isPresent()) {
            return old;
          }
          Instant now = store.now();
          mark(handle, by, id, now);
          int keys = ApiKeys.archiveAllOf(handle, by, id);
          store.record(handle, by, "workspace.archive", id, keys + " keys archived with it");
          return new Workspace(
              id, old.name(), old.displayColor(), old.createdAt(), Optional.of(now));
        });
  }

  private static void mark(Handle handle, Administrator by, String id, Instant now) {
    handle
        .createUpdate(
            "UPDATE workspaces SET archived_at_ms = :now"
                + " WHERE id = :id AND organisation_id = :organisation")
        .bind("now", now.toEpochMilli())
        .bind("id", id)
        .bind("organisation", by.organisationId())
        .execute();
  }

  private static String name(String text) {
    return Texts.name("name", text, Texts.MAX_WORKSPACE_NAME_CHARS);
  }

  private static Workspace workspace(ResultSet row) throws SQLException {
    return new Workspace(
        row.getString("id"),
        row.getString("name"),
        row.getString("display_color"),
        Rows.time(row, "created_at_ms"),
        Rows.instant(row, "archived_at_ms"));
  }
}
