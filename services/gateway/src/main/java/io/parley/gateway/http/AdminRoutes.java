package io.parley.gateway.http;

import io.parley.gateway.administration.Administration;
import io.parley.gateway.json.JsonBody;
import io.parley.gateway.messages.Authentication;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The table of the Admin API. */
final class AdminRoutes {
  private static final String ROOT = "/v1/organizations";
  private static final String USERS = ROOT + "/users";
  private static final String USER = USERS + "/{user_id}";
  private static final String INVITES = ROOT + "/invites";
  private static final String INVITE = INVITES + "/{invite_id}";
  private static final String WORKSPACES = ROOT + "/workspaces";
  private static final String WORKSPACE = WORKSPACES + "/{workspace_id}";
  private static final String MEMBERS = WORKSPACE + "/members";
  private static final String MEMBER = MEMBERS + "/{user_id}";
  private static final String KEYS = ROOT + "/api_keys";
  private static final String KEY = KEYS + "/{api_key_id}";

  private final Authentication authentication;
  private final JsonBody bodies;
  private final AdminUsers users;
  private final AdminInvites invites;
  private final AdminWorkspaces workspaces;
  private final AdminWorkspaceMembers members;
  private final AdminKeys keys;
  private final AdminEndpoint me;
  private Optional<AdminUsage> reports = Optional.empty();
  private final List<AdminRoute> routes = new ArrayList<>();

  AdminRoutes(Authentication authentication, JsonBody bodies, Administration administration) {
    this.authentication = authentication;
    this.bodies = bodies;
    this.users = new AdminUsers(administration.members());
    this.invites = new AdminInvites(administration);
    this.workspaces = new AdminWorkspaces(administration.workspaces());
    this.members = new AdminWorkspaceMembers(administration.workspaceMembers());
    this.keys = new AdminKeys(administration.apiKeys());
    this.me = new AdminOrganization(administration.organisations());
  }

  /** With reports on usage. */
  AdminRoutes reports(Optional<AdminUsage> usage) {
    reports = usage;
    return this;
  }

  List<AdminRoute> all() {
    add("GET", ROOT + "/me", me);
    list(USERS, users::list, "email");
    add("POST", USERS, users::add);
    add("GET", USER, users::get);
    add("POST", USER, users::update);
    add("DELETE", USER, users::remove);
    list(INVITES, invites::list, "email");
    add("POST", INVITES, invites::create);
    add("GET", INVITE, invites::get);
    add("DELETE", INVITE, invites::delete);
    list(WORKSPACES, workspaces::list, "include_archived");
    add("POST", WORKSPACES, workspaces::create);
    add("GET", WORKSPACE, workspaces::get);
    add("POST", WORKSPACE, workspaces::update);
    add("POST", WORKSPACE + "/archive", workspaces::archive);
    list(MEMBERS, members::list);
    add("POST", MEMBERS, members::add);
    add("GET", MEMBER, members::get);
    add("POST", MEMBER, members::update);
    add("DELETE", MEMBER, members::remove);
    list(KEYS, keys::list, "status", "workspace_id", "created_by_user_id");
    add("POST", KEYS, keys::create);
    add("GET", KEY, keys::get);
    add("POST", KEY, keys::update);
    reports.ifPresent(this::reports);
    return List.copyOf(routes);
  }

  private void reports(AdminUsage usage) {
    Set<String> filters = new HashSet<>(AdminUsage.RANGE);
    filters.addAll(AdminUsage.FILTERS.values());
    report(ROOT + "/usage_report/messages", usage::usage, filters);
    report(ROOT + "/cost_report", usage::cost, AdminUsage.RANGE);
  }

  private void report(String path, AdminEndpoint endpoint, Set<String> query) {
    routes.add(new AdminRoute(authentication, bodies, "GET", path, Set.copyOf(query), endpoint));
  }

  private void list(String path, AdminEndpoint endpoint, String... filters) {
    Set<String> query = new HashSet<>(Set.of("limit", "after_id", "before_id"));
    query.addAll(List.of(filters));
    routes.add(new AdminRoute(authentication, bodies, "GET", path, Set.copyOf(query), endpoint));
  }

  private void add(String method, String path, AdminEndpoint endpoint) {
    routes.add(new AdminRoute(authentication, bodies, method, path, Set.of(), endpoint));
  }
}
