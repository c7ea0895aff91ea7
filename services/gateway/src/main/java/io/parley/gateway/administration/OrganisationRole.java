package io.parley.gateway.administration;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a person may do in an organisation. */
public enum OrganisationRole {
  /** Use models. */
  USER,
  /** Use models from Claude Code alone. */
  CLAUDE_CODE_USER,
  /** And handle keys. */
  DEVELOPER,
  /** Use models, and see to the bills. */
  BILLING,
  /** All of it, and handle people. Only the operator of the server makes one, or takes one back. */
  ADMIN;

  /** What an admin key may give. */
  public static final Set<OrganisationRole> GRANTABLE =
      Set.copyOf(EnumSet.complementOf(EnumSet.of(ADMIN)));

  /** The name that requests and rows use. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role of that name; empty if there is none. */
  public static Optional<OrganisationRole> of(String wireName) {
    return Arrays.stream(values()).filter(role -> role.wireName().equals(wireName)).findFirst();
  }

  /** All names. */
  public static List<String> wireNames() {
    return Arrays.stream(values()).map(OrganisationRole::wireName).toList();
  }
}
