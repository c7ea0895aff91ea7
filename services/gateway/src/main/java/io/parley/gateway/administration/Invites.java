package io.parley.gateway.administration;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.identity.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The invites of an organisation. Nothing is mailed: whoever invites tells the person, and {@link
 * Members#add} is what accepts.
 */
public final class Invites {
  private static final String SELECT =
      "SELECT id, email, role, invited_at_ms, expires_at_ms, accepted_at_ms, deleted_at_ms"
          + " FROM invites";
  private static final String PENDING =
      " organisation_id = :organisation AND accepted_at_ms IS NULL AND deleted_at_ms IS NULL"
          + " AND expires_at_ms > :now";

  private final Store store;

  Invites(Store store) {
    this.store = store;
  }

  /**
   * Makes an offer.
   *
   * @throws ParleyException CONFLICT if the address is a member or invited already, PERMISSION for
   *     the role of an admin
   */
  public Invite create(Administrator by, String email, OrganisationRole role) {
    String address = Texts.email(email);
    if (!OrganisationRole.GRANTABLE.contains(role)) {
      throw new ParleyException(ErrorCode.PERMISSION, "role: an admin cannot be invited");
    }
    return store.write(
        handle -> {
          Organisations.get(handle, by);
          Instant now = store.now();
          refuseKnown(handle, by, address, now);
          Invite made =
              new Invite(
                  "invite_" + store.ids().next(),
                  address,
                  role,
                  now,
                  now.plus(store.limits().inviteLife()),
                  Optional.empty(),
                  Optional.empty());
          insert(handle, by, made);
          String detail = address + ", role " + role.wireName();
          store.record(handle, by, "invite.create", made.id(), detail);
          return made;
        });
  }

  private void refuseKnown(Handle handle, Administrator by, String address, Instant now) {
    if (Members.isMember(handle, by, address)) {
      throw Store.conflict("email: '" + address + "' is a member already");
    }
    List<String> pending = pending(handle, by, now);
    if (pending.contains(address)) {
      throw Store.conflict("email: '" + address + "' is invited already");
    }
    if (pending.size() >= store.limits().pendingInvites()) {
      throw Store.conflict(
          "the organisation has " + pending.size() + " pending invites, which is the limit");
    }
  }

  private static List<String> pending(Handle handle, Administrator by, Instant now) {
    return handle
        .createQuery("SELECT email FROM invites WHERE" + PENDING)
        .bind("organisation", by.organisationId())
        .bind("now", now.toEpochMilli())
        .mapTo(String.class)
        .list();
  }

  private static void insert(Handle handle, Administrator by, Invite invite) {
    handle
        .createUpdate(
            "INSERT INTO invites (id, organisation_id, email, role, invited_at_ms, expires_at_ms)"
                + " VALUES (:id, :organisation, :email, :role, :now, :expires)")
        .bind("id", invite.id())
        .bind("organisation", by.organisationId())
        .bind("email", invite.email())
        .bind("role", invite.role().wireName())
        .bind("now", invite.invitedAt().toEpochMilli())
        .bind("expires", invite.expiresAt().toEpochMilli())
        .execute();
  }

  /** A page, newest first; of one address, if one is given. */
  public Page<Invite> list(Administrator by, Optional<String> email, PageRequest page) {
    return store.read(
        handle ->
            new PageQuery<>(SELECT, "id", (row, context) -> invite(row))
                .where("organisation_id = :organisation", "organisation", by.organisationId())
                .whereIf("email = :email", "email", email.map(Texts::email))
                .run(handle, page));
  }

  /**
   * One invite.
   *
   * @throws ParleyException NOT_FOUND if there is none
   */
  public Invite get(Administrator by, String id) {
    return store.read(handle -> get(handle, by, id));
  }

  private static Invite get(Handle handle, Administrator by, String id) {
    return handle
        .createQuery(SELECT + " WHERE id = :id AND organisation_id = :organisation")
        .bind("id", id)
        .bind("organisation", by.organisationId())
        .map((row, context) -> invite(row))
        .findOne()
        .orElseThrow(() -> Store.missing("invite_id", "invite", id));
  }

  /**
   * Takes an offer back.
   *
   * @throws ParleyException CONFLICT if it was accepted
   */
  public void delete(Administrator by, String id) {
    store.write(
        handle -> {
          Invite invite = get(handle, by, id);
          if (invite.acceptedAt().isPresent()) {
            throw Store.conflict("invite_id: the invite was accepted; remove the user instead");
          }
          if (invite.deletedAt().isEmpty()) {
            handle
                .createUpdate(
                    "UPDATE invites SET deleted_at_ms = :now"
                        + " WHERE id = :id AND organisation_id = :organisation")
                .bind("now", store.now().toEpochMilli())
                .bind("id", id)
                .bind("organisation", by.organisationId())
                .execute();
            store.record(handle, by, "invite.delete", id, "");
          }
          return id;
        });
  }

  /** Whatever waits for the address is answered. */
  static void accept(Handle handle, Administrator by, String address, Instant now) {
    handle
        .createUpdate("UPDATE invites SET accepted_at_ms = :now WHERE email = :email AND" + PENDING)
        .bind("now", now.toEpochMilli())
        .bind("email", address)
        .bind("organisation", by.organisationId())
        .execute();
  }

  private static Invite invite(ResultSet row) throws SQLException {
    return new Invite(
        row.getString("id"),
        row.getString("email"),
        OrganisationRole.of(row.getString("role")).orElse(OrganisationRole.USER),
        Rows.time(row, "invited_at_ms"),
        Rows.time(row, "expires_at_ms"),
        Rows.instant(row, "accepted_at_ms"),
        Rows.instant(row, "deleted_at_ms"));
  }
}
