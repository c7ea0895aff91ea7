package io.parley.gateway.http;

import io.parley.gateway.administration.AdminJson;
import io.parley.gateway.administration.Member;
import io.parley.gateway.administration.Members;
import io.parley.gateway.administration.OrganisationRole;
import io.parley.gateway.administration.Page;
import io.parley.gateway.json.Field;
import java.util.Set;

/** {@code /v1/organizations/users}. Thread-safe; blocks. */
record AdminUsers(Members members) {
  Json.Body list(AdminCall call) {
    Page<Member> page = members.list(call.by(), call.query("email"), call.page());
    return json -> AdminJson.page(json, page, Member::id, AdminJson::member);
  }

  /** Parley's own: there is no mail by which an invited person could come in. */
  Json.Body add(AdminCall call) {
    Field body = call.body(Set.of("email", "name", "role"));
    String email = body.require("email").text();
    return answer(members.add(call.by(), email, body.require("name").text(), role(body)));
  }

  Json.Body get(AdminCall call) {
    return answer(members.get(call.by(), call.id("user_id")));
  }

  Json.Body update(AdminCall call) {
    OrganisationRole role = role(call.body(Set.of("role")));
    return answer(members.changeRole(call.by(), call.id("user_id"), role));
  }

  Json.Body remove(AdminCall call) {
    String id = call.id("user_id");
    members.remove(call.by(), id);
    return json -> {
      json.writeStartObject();
      json.writeStringField("type", "user_deleted");
      json.writeStringField("id", id);
      json.writeEndObject();
    };
  }

  /** The required field {@code role} of a body. */
  static OrganisationRole role(Field body) {
    String name = body.require("role").oneOf(OrganisationRole.wireNames());
    return OrganisationRole.of(name).orElseThrow();
  }

  private static Json.Body answer(Member member) {
    return json -> AdminJson.member(json, member);
  }
}
