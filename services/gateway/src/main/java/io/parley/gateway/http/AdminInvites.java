package io.parley.gateway.http;

import io.parley.gateway.administration.AdminJson;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.administration.Invite;
import io.parley.gateway.administration.Page;
import io.parley.gateway.json.Field;
import java.time.Instant;
import java.util.Set;

/** {@code /v1/organizations/invites}. Thread-safe; blocks. */
record AdminInvites(Administration administration) {
  Json.Body list(AdminCall call) {
    Instant now = administration.now();
    Page<Invite> page = administration.invites().list(call.by(), call.query("email"), call.page());
    return json ->
        AdminJson.page(json, page, Invite::id, (out, invite) -> AdminJson.invite(out, invite, now));
  }

  Json.Body create(AdminCall call) {
    Field body = call.body(Set.of("email", "role"));
    String email = body.require("email").text();
    return answer(administration.invites().create(call.by(), email, AdminUsers.role(body)));
  }

  Json.Body get(AdminCall call) {
    return answer(administration.invites().get(call.by(), call.id("invite_id")));
  }

  Json.Body delete(AdminCall call) {
    String id = call.id("invite_id");
    administration.invites().delete(call.by(), id);
    return json -> {
      json.writeStartObject();
      json.writeStringField("type", "invite_deleted");
      json.writeStringField("id", id);
      json.writeEndObject();
    };
  }

  private Json.Body answer(Invite invite) {
    Instant now = administration.now();
    return json -> AdminJson.invite(json, invite, now);
  }
}
