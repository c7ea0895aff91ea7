package io.parley.gateway.administration;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a person may do in a workspace. */
public enum WorkspaceRole {
  WORKSPACE_USER,
  WORKSPACE_DEVELOPER,
  WORKSPACE_ADMIN,
  /** Follows from the role in the organisation, so nobody is added with it. */
  WORKSPACE_BILLING;

  /** The name that requests and rows use. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role of that name; empty if there is none. */
  public static Optional<WorkspaceRole> of(String wireName) {
    return Arrays.stream(values()).filter(role -> role.wireName().equals(wireName)).findFirst();
  }

  /** All names. */
  public static List<String> wireNames() {
    return Arrays.stream(values()).map(WorkspaceRole::wireName).toList();
  }
}
