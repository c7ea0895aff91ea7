package io.parley.gateway.administration;

import io.parley.common.ParleyException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Who works in which workspace. */
public final class WorkspaceMembers {
  private static final String SELECT =
      "SELECT workspace_id, member_id, role FROM workspace_members";

  private final Store store;

  WorkspaceMembers(Store store) {
    this.store = store;
  }

  /**
   * Adds somebody.
   *
   * @throws ParleyException NOT_FOUND if the workspace or the member is not there, CONFLICT if the
   *     workspace is archived or has the member already, INVALID_REQUEST for the billing role
   */
  public WorkspaceMember add(
      Administrator by, String workspaceId, String memberId, WorkspaceRole role) {
    if (role == WorkspaceRole.WORKSPACE_BILLING) {
      throw ParleyException.invalid(
          "workspace_role: \"workspace_billing\" follows from the role in the organisation");
    }
    return store.write(
        handle -> {
          Workspaces.open(handle, by, workspaceId);
          Members.get(handle, by, memberId);
          if (find(handle, workspaceId, memberId).isPresent()) {
            throw Store.conflict("user_id: '" + memberId + "' is in the workspace already");
          }
          handle
              .createUpdate(
                  "INSERT INTO workspace_members (workspace_id, member_id, role)"
                      + " VALUES (:workspace, :member, :role)")
              .bind("workspace", workspaceId)
              .bind("member", memberId)
              .bind("role", role.wireName())
              .execute();
          return changed(handle, by, "workspace_member.add", workspaceId, memberId, role);
        });
  }

  /** A page, newest person first. */
  public Page<WorkspaceMember> list(Administrator by, String workspaceId, PageRequest page) {
    return store.read(
        handle -> {
          Workspaces.get(handle, by, workspaceId);
          return new PageQuery<>(SELECT, "member_id", (row, context) -> member(row))
              .where("workspace_id = :workspace", "workspace", workspaceId)
              .run(handle, page);
        });
  }

  /**
   * One person in a workspace.
   *
   * @throws ParleyException NOT_FOUND if the workspace is not there or has no such member
   */
  public WorkspaceMember get(Administrator by, String workspaceId, String memberId) {
    return store.read(handle -> get(handle, by, workspaceId, memberId));
  }

  private static WorkspaceMember get(
      Handle handle, Administrator by, String workspaceId, String memberId) {
    Workspaces.get(handle, by, workspaceId);
    return find(handle, workspaceId, memberId)
        .orElseThrow(() -> Store.missing("user_id", "member of the workspace", memberId));
  }

  /** The caller has made sure that the workspace is the administrator's. */
  private static Optional<WorkspaceMember> find(
      Handle handle, String workspaceId, String memberId) {
    return handle
        .createQuery(SELECT + " WHERE workspace_id = :workspace AND member_id = :member")
        .bind("workspace", workspaceId)
        .bind("member", memberId)
        .map((row, context) -> member(row))
        .findOne();
  }

  /**
   * Gives somebody another role.
   *
   * @throws ParleyException NOT_FOUND if the workspace is not there or has no such member, CONFLICT
   *     if it is archived
   */
  public WorkspaceMember changeRole(
      Administrator by, String workspaceId, String memberId, WorkspaceRole role) {
    return store.write(
        handle -> {
          Workspaces.open(handle, by, workspaceId);
          get(handle, by, workspaceId, memberId);
          handle
              .createUpdate(
                  "UPDATE workspace_members SET role = :role"
                      + " WHERE workspace_id = :workspace AND member_id = :member")
              .bind("role", role.wireName())
              .bind("workspace", workspaceId)
              .bind("member", memberId)
              .execute();
          return changed(handle, by, "workspace_member.update", workspaceId, memberId, role);
        });
  }

  /**
   * Takes somebody out.
   *
   * @throws ParleyException NOT_FOUND if the workspace is not there or has no such member
   */
  public void remove(Administrator by, String workspaceId, String memberId) {
    store.write(
        handle -> {
          WorkspaceMember old = get(handle, by, workspaceId, memberId);
          handle.execute(
              "DELETE FROM workspace_members WHERE workspace_id = ? AND member_id = ?",
              workspaceId,
              memberId);
          return changed(handle, by, "workspace_member.remove", workspaceId, memberId, old.role());
        });
  }

  private WorkspaceMember changed(
      Handle handle,
      Administrator by,
      String action,
      String workspaceId,
      String memberId,
      WorkspaceRole role) {
    store.record(handle, by, action, workspaceId, memberId + ", role " + role.wireName());
    return new WorkspaceMember(workspaceId, memberId, role);
  }

  private static WorkspaceMember member(ResultSet row) throws SQLException {
    return new WorkspaceMember(
        row.getString("workspace_id"),
        row.getString("member_id"),
        WorkspaceRole.of(row.getString("role")).orElse(WorkspaceRole.WORKSPACE_USER));
  }
}
