package io.parley.gateway.http;

import io.parley.common.ParleyException;
import io.parley.gateway.Principal;
import io.parley.gateway.Scope;
import io.parley.gateway.json.JsonBody;
import io.parley.gateway.messages.Authentication;
import java.util.Set;

/**
 * One entry of the Admin API's table, and the way of its requests: authenticate, check the query,
 * do it, answer. Thread-safe; {@link #serve} blocks.
 *
 * @param path literal segments, and parameters in braces
 * @param query the parameters that the query may have
 */
record AdminRoute(
    Authentication authentication,
    JsonBody bodies,
    String method,
    String path,
    Set<String> query,
    AdminEndpoint endpoint) {
  /** Some clients put it on every request; it means nothing anywhere. */
  private static final String BETA = "beta";

  void serve(HttpCall call) {
    Principal principal = authentication.principal(call.head(), scope());
    checkQuery(call);
    AdminCall admin = new AdminCall(call, path, bodies, principal);
    call.reply(200, Json.bytes(endpoint.serve(admin)));
  }

  private Scope scope() {
    return method.equals("GET") ? Scope.ADMIN_READ : Scope.ADMIN_WRITE;
  }

  private void checkQuery(HttpCall call) {
    for (String name : call.queryNames()) {
      if (!query.contains(name) && !name.equals(BETA)) {
        throw ParleyException.invalid(name + ": this path has no such query parameter");
      }
    }
  }
}
