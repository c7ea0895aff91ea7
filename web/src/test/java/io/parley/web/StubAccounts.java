package io.parley.web;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in and who is there: one user, a guest at first, with any number of sessions.
 * Belongs to one event loop.
 */
final class StubAccounts {
  static final String TAKEN = "taken@example.com";
  private static final int MOST_FAILURES = 3;
  private static final int SHORTEST_PASSWORD = 8;
  private static final String COOKIE = "parley_session=";

  private final JsonObject user =
      new JsonObject()
          .put("id", "usr_1")
          .put("name", "Guest")
          .put("guest", true)
          .putNull("email")
          .put("notify", new JsonObject().put("mail", false).putNull("webhook"));
  private final Set<String> sessions = new HashSet<>();
  private final JsonArray providers = new JsonArray();
  private boolean guests = true;
  private @Nullable String problem;
  private @Nullable String password;
  private int failures;
  private int made;

  /** From now on the user has an account. */
  void name(String email, String name, String newPassword) {
    user.put("email", email).put("name", name).put("guest", false);
    password = newPassword;
  }

  void refuseGuests() {
    guests = false;
  }

  void offer(String id, String name) {
    providers.add(new JsonObject().put("id", id).put("name", name));
  }

  /** What becomes of those who come back from a provider. */
  void sendBack(String reason) {
    problem = reason;
  }

  boolean knows(StubCall call) {
    return sessions.contains(session(call));
  }

  private static String session(StubCall call) {
    String cookie = String.valueOf(call.request().getHeader("cookie"));
    int at = cookie.indexOf(COOKIE);
    return at < 0 ? "" : cookie.substring(at + COOKIE.length()).split(";", 2)[0];
  }

  /** Serves the paths that need no session; whether this was one. */
  boolean serveAnybody(StubCall call) {
    switch (call.part(0)) {
      case "sign-in" -> call.reply(200, waysIn());
      case "guest" -> welcome(call, 201);
      case "sign-up" -> signUp(call);
      case "login" -> login(call);
      case "oidc" -> oidc(call);
      default -> {
        return false;
      }
    }
    return true;
  }

  private JsonObject waysIn() {
    return new JsonObject()
        .put("password", true)
        .put("sign_up", true)
        .put("guests", guests)
        .put("oidc", providers);
  }

  private void welcome(StubCall call, int status) {
    open(call);
    call.reply(status, new JsonObject().put("user", user).put("csrf_token", "token"));
  }

  private void open(StubCall call) {
    String id = Integer.toString(++made);
    sessions.add(id);
    call.request().response().putHeader("set-cookie", COOKIE + id + "; HttpOnly; Path=/");
  }

  private void signUp(StubCall call) {
    JsonObject form = call.json();
    if (form.getString("email").equals(TAKEN)) {
      String message = "email: this address has an account already; log in to it";
      call.refuse(409, "conflict_error", message);
    } else if (form.getString("password").length() < SHORTEST_PASSWORD) {
      refusePassword(call, "password");
    } else {
      name(form.getString("email"), form.getString("name"), form.getString("password"));
      welcome(call, 201);
    }
  }

  private static void refusePassword(StubCall call, String field) {
    call.refuse(400, "invalid_request_error", field + ": must have 8 to 256 characters");
  }

  private void login(StubCall call) {
    JsonObject form = call.json();
    if (failures == MOST_FAILURES) {
      String message = "too many failed log-ins to this account; try again in 45 s";
      call.request().response().putHeader("retry-after-ms", "45000");
      call.refuse(429, "rate_limit_error", message);
    } else if (form.getString("email").equals(user.getString("email"))
        && form.getString("password").equals(password)) {
      welcome(call, 200);
    } else {
      failures++;
      String message = "there is no account with this address and password";
      call.refuse(401, "authentication_error", message);
    }
  }

  /** The provider's own pages would lie between these two. */
  private void oidc(StubCall call) {
    boolean back = call.part(2).equals("callback");
    if (back && problem == null) {
      open(call);
    }
    String arrival = problem == null ? "/" : "/sign-in?problem=" + problem;
    String location = back ? arrival : StubCall.API + "/oidc/" + call.part(1) + "/callback";
    call.request().response().putHeader("location", location);
    call.done(302);
  }

  void logout(StubCall call) {
    if (call.part(1).equals("others")) {
      sessions.retainAll(Set.of(session(call)));
    } else {
      sessions.remove(session(call));
    }
    call.done(204);
  }

  void me(StubCall call) {
    if (call.reads()) {
      call.reply(200, standing());
    } else if (call.is(HttpMethod.PATCH)) {
      change(call, call.json());
    } else {
      erase(call);
    }
  }

  private JsonObject standing() {
    boolean named = !user.getBoolean("guest");
    var quota = new JsonObject().put("messages_per_day", 200).put("used", 64);
    return new JsonObject()
        .put("user", user)
        .put("csrf_token", "token")
        .put("organisation", new JsonObject().put("id", "org_1").put("name", "Example"))
        .put("retention_days", 365)
        .put("quota", quota)
        .put("notify", new JsonObject().put("mail", named).put("webhook", named));
  }

  private void change(StubCall call, JsonObject wanted) {
    JsonObject passwords = wanted.getJsonObject("password");
    JsonObject notify = wanted.getJsonObject("notify", user.getJsonObject("notify"));
    String webhook = notify.getString("webhook");
    if (passwords != null && !passwords.getString("old").equals(password)) {
      call.refuse(401, "authentication_error", "password.old: is not this account's");
    } else if (passwords != null && passwords.getString("new").length() < SHORTEST_PASSWORD) {
      refusePassword(call, "password.new");
    } else if (webhook != null && webhook.contains("//10.")) {
      String message = "notify.webhook: leads to an address that not everybody can call";
      call.refuse(400, "invalid_request_error", message);
    } else {
      if (passwords != null) {
        password = passwords.getString("new");
        sessions.retainAll(Set.of(session(call)));
      }
      boolean isNew =
          webhook != null && !webhook.equals(user.getJsonObject("notify").getString("webhook"));
      user.put("name", wanted.getString("name", user.getString("name"))).put("notify", notify);
      JsonObject reply = user.copy();
      call.reply(200, isNew ? reply.put("webhook_secret", "whsec_0123456789") : reply);
    }
  }

  private void erase(StubCall call) {
    if (password != null && !password.equals(call.json().getString("password"))) {
      call.refuse(401, "authentication_error", "password: is not this account's");
    } else {
      sessions.clear();
      call.done(202);
    }
  }
}
