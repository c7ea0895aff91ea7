package io.parley.gateway.http;

import io.parley.gateway.administration.AdminJson;
import io.parley.gateway.administration.Page;
import io.parley.gateway.administration.WorkspaceMember;
import io.parley.gateway.administration.WorkspaceMembers;
import io.parley.gateway.administration.WorkspaceRole;
import io.parley.gateway.json.Field;
import java.util.Set;

/** {@code /v1/organizations/workspaces/{workspace_id}/members}. Thread-safe; blocks. */
record AdminWorkspaceMembers(WorkspaceMembers members) {
  Json.Body list(AdminCall call) {
    Page<WorkspaceMember> page = members.list(call.by(), call.id("workspace_id"), call.page());
    return json ->
        AdminJson.page(json, page, WorkspaceMember::memberId, AdminJson::workspaceMember);
  }

  Json.Body add(AdminCall call) {
    Field body = call.body(Set.of("user_id", "workspace_role"));
    String user = body.require("user_id").text();
    return answer(members.add(call.by(), call.id("workspace_id"), user, role(body)));
  }

  Json.Body get(AdminCall call) {
    return answer(members.get(call.by(), call.id("workspace_id"), call.id("user_id")));
  }

  Json.Body update(AdminCall call) {
    WorkspaceRole role = role(call.body(Set.of("workspace_role")));
    return answer(members.changeRole(call.by(), call.id("workspace_id"), call.id("user_id"), role));
  }

  Json.Body remove(AdminCall call) {
    String workspace = call.id("workspace_id");
    String user = call.id("user_id");
    members.remove(call.by(), workspace, user);
    return json -> {
      json.writeStartObject();
      json.writeStringField("type", "workspace_member_deleted");
      json.writeStringField("user_id", user);
      json.writeStringField("workspace_id", workspace);
      json.writeEndObject();
    };
  }

  private static WorkspaceRole role(Field body) {
    String name = body.require("workspace_role").oneOf(WorkspaceRole.wireNames());
    return WorkspaceRole.of(name).orElseThrow();
  }

  private static Json.Body answer(WorkspaceMember member) {
    return json -> AdminJson.workspaceMember(json, member);
  }
}
