package io.parley.gateway.http;

import io.parley.gateway.administration.AdminJson;
import io.parley.gateway.administration.Page;
import io.parley.gateway.administration.Workspace;
import io.parley.gateway.administration.Workspaces;
import io.parley.gateway.json.Field;
import java.util.Set;

/** {@code /v1/organizations/workspaces}. Thread-safe; blocks. */
record AdminWorkspaces(Workspaces workspaces) {
  private static final Set<String> FIELDS = Set.of("name", "display_color");

  Json.Body list(AdminCall call) {
    Page<Workspace> page = workspaces.list(call.by(), call.flag("include_archived"), call.page());
    return json -> AdminJson.page(json, page, Workspace::id, AdminJson::workspace);
  }

  Json.Body create(AdminCall call) {
    Field body = call.body(FIELDS);
    String name = body.require("name").text();
    return answer(workspaces.create(call.by(), name, body.get("display_color").map(Field::text)));
  }

  Json.Body get(AdminCall call) {
    return answer(workspaces.get(call.by(), call.id("workspace_id")));
  }

  Json.Body update(AdminCall call) {
    Field body = call.body(FIELDS);
    return answer(
        workspaces.update(
            call.by(),
            call.id("workspace_id"),
            body.get("name").map(Field::text),
            body.get("display_color").map(Field::text)));
  }

  Json.Body archive(AdminCall call) {
    return answer(workspaces.archive(call.by(), call.id("workspace_id")));
  }

  private static Json.Body answer(Workspace workspace) {
    return json -> AdminJson.workspace(json, workspace);
  }
}
