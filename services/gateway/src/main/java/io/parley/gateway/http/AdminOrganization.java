package io.parley.gateway.http;

import io.parley.gateway.administration.AdminJson;
import io.parley.gateway.administration.Organisation;
import io.parley.gateway.administration.Organisations;

/** {@code /v1/organizations/me}. Thread-safe; blocks. */
record AdminOrganization(Organisations organisations) implements AdminEndpoint {
  @Override
  public Json.Body serve(AdminCall call) {
    Organisation own = organisations.get(call.by());
    return json -> AdminJson.organisation(json, own);
  }
}
