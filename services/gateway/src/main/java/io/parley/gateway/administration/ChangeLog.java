package io.parley.gateway.administration;

import io.parley.gateway.identity.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The record of administrative changes. Every change writes its own entry in its own transaction,
 * so there is no change without one and no entry without a change. Nothing here alters or removes
 * an entry.
 */
public final class ChangeLog {
  private static final String SELECT =
      "SELECT id, at_ms, actor_kind, actor_id, action, subject_id, detail"
          + " FROM administrative_changes";

  private final Store store;

  ChangeLog(Store store) {
    this.store = store;
  }

  /** The changes in an organisation, newest first. */
  public Page<Change> list(Administrator by, PageRequest page) {
    return store.read(
        handle ->
            new PageQuery<>(SELECT, "id", (row, context) -> change(row))
                .where("organisation_id = :organisation", "organisation", by.organisationId())
                .run(handle, page));
  }

  /** The newest changes that belong to no organisation, such as those of tiers. */
  public List<Change> ofTheServer(int limit) {
    return store.read(
        handle ->
            new PageQuery<>(SELECT, "id", (row, context) -> change(row))
                .where("organisation_id IS NULL")
                .run(handle, PageRequest.first(limit))
                .items());
  }

  static void insert(Handle handle, Change change, @Nullable String organisationId) {
    handle
        .createUpdate(
            "INSERT INTO administrative_changes"
                + " (id, organisation_id, at_ms, actor_kind, actor_id, action, subject_id, detail)"
                + " VALUES (:id, :organisation, :at, :kind, :actor, :action, :subject, :detail)")
        .bind("id", change.id())
        .bind("organisation", organisationId)
        .bind("at", change.at().toEpochMilli())
        .bind("kind", change.actor().kind().wireName())
        .bind("actor", change.actor().id())
        .bind("action", change.action())
        .bind("subject", change.subjectId())
        .bind("detail", change.detail())
        .execute();
  }

  private static Change change(ResultSet row) throws SQLException {
    return new Change(
        row.getString("id"),
        Rows.time(row, "at_ms"),
        new Actor(Actor.Kind.of(row.getString("actor_kind")), row.getString("actor_id")),
        row.getString("action"),
        row.getString("subject_id"),
        row.getString("detail"));
  }
}
