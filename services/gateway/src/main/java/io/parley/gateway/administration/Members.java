package io.parley.gateway.administration;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.identity.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The people of an organisation. */
public final class Members {
  private static final String SELECT = "SELECT id, email, name, role, added_at_ms FROM members";

  private final Store store;

  Members(Store store) {
    this.store = store;
  }

  /**
   * Takes somebody in. An invite that waits for the address is accepted by it.
   *
   * @throws ParleyException CONFLICT if the address is there already, PERMISSION if the actor must
   *     not give that role
   */
  public Member add(Administrator by, String email, String name, OrganisationRole role) {
    String address = Texts.email(email);
    String validName = Texts.name("name", name, Texts.MAX_NAME_CHARS);
    refuseAdmins(by, role);
    return store.write(
        handle -> {
          Organisations.get(handle, by);
          if (isMember(handle, by, address)) {
            throw Store.conflict("email: '" + address + "' is a member already");
          }
          store.refuseAbove(
              handle,
              by.organisationId(),
              "SELECT count(*) FROM members WHERE organisation_id = :organisation",
              store.limits().members(),
              "members");
          Member made =
              new Member("user_" + store.ids().next(), address, validName, role, store.now());
          insert(handle, by, made);
          Invites.accept(handle, by, address, made.addedAt());
          store.record(handle, by, "user.add", made.id(), address + ", role " + role.wireName());
          return made;
        });
  }

  static boolean isMember(Handle handle, Administrator by, String address) {
    return handle
        .createQuery(SELECT + " WHERE organisation_id = :organisation AND email = :email")
        .bind("organisation", by.organisationId())
        .bind("email", address)
        .map((row, context) -> member(row))
        .findOne()
        .isPresent();
  }

  private static void insert(Handle handle, Administrator by, Member member) {
    handle
        .createUpdate(
            "INSERT INTO members (id, organisation_id, email, name, role, added_at_ms)"
                + " VALUES (:id, :organisation, :email, :name, :role, :now)")
        .bind("id", member.id())
        .bind("organisation", by.organisationId())
        .bind("email", member.email())
        .bind("name", member.name())
        .bind("role", member.role().wireName())
        .bind("now", member.addedAt().toEpochMilli())
        .execute();
  }

  /** A page, newest first; of one address, if one is given. */
  public Page<Member> list(Administrator by, Optional<String> email, PageRequest page) {
    return store.read(
        handle ->
            new PageQuery<>(SELECT, "id", (row, context) -> member(row))
                .where("organisation_id = :organisation", "organisation", by.organisationId())
                .whereIf("email = :email", "email", email.map(Texts::email))
                .run(handle, page));
  }

  /**
   * One person.
   *
   * @throws ParleyException NOT_FOUND if there is none
   */
  public Member get(Administrator by, String id) {
    return store.read(handle -> get(handle, by, id));
  }

  static Member get(Handle handle, Administrator by, String id) {
    return handle
        .createQuery(SELECT + " WHERE id = :id AND organisation_id = :organisation")
        .bind("id", id)
        .bind("organisation", by.organisationId())
        .map((row, context) -> member(row))
        .findOne()
        .orElseThrow(() -> Store.missing("user_id", "user", id));
  }

  /**
   * Gives somebody another role.
   *
   * @throws ParleyException PERMISSION if the actor must not give or take that role
   */
  public Member changeRole(Administrator by, String id, OrganisationRole role) {
    refuseAdmins(by, role);
    return store.write(
        handle -> {
          Member old = get(handle, by, id);
          refuseAdmins(by, old.role());
          handle
              .createUpdate(
                  "UPDATE members SET role = :role"
                      + " WHERE id = :id AND organisation_id = :organisation")
              .bind("role", role.wireName())
              .bind("id", id)
              .bind("organisation", by.organisationId())
              .execute();
          store.record(handle, by, "user.update", id, "role " + role.wireName());
          return new Member(id, old.email(), old.name(), role, old.addedAt());
        });
  }

  /**
   * Takes somebody out of the organisation and its workspaces, and forgets name and address. Keys
   * stay: they are the organisation's.
   *
   * @throws ParleyException PERMISSION if the actor must not take that role
   */
  public void remove(Administrator by, String id) {
    store.write(
        handle -> {
          refuseAdmins(by, get(handle, by, id).role());
          handle.execute("DELETE FROM workspace_members WHERE member_id = ?", id);
          handle
              .createUpdate(
                  "DELETE FROM members WHERE id = :id AND organisation_id = :organisation")
              .bind("id", id)
              .bind("organisation", by.organisationId())
              .execute();
          store.record(handle, by, "user.remove", id, "");
          return id;
        });
  }

  /** A stolen admin key must not be able to make itself an owner, or to lock one out. */
  private static void refuseAdmins(Administrator by, OrganisationRole role) {
    if (by.actor().kind() == Actor.Kind.ADMIN_KEY && !OrganisationRole.GRANTABLE.contains(role)) {
      throw new ParleyException(
          ErrorCode.PERMISSION,
          "role: only the operator of the server makes, changes and removes an admin");
    }
  }

  private static Member member(ResultSet row) throws SQLException {
    return new Member(
        row.getString("id"),
        row.getString("email"),
        row.getString("name"),
        OrganisationRole.of(row.getString("role")).orElse(OrganisationRole.USER),
        Rows.time(row, "added_at_ms"));
  }
}
