package io.parley.gateway;

import java.util.Arrays;
import java.util.Optional;

/** What a key may be good for. A wire name never changes once released: rows hold it. */
public enum Scope {
  /** Generate, and count tokens. */
  MESSAGES("messages"),
  /** See which models there are. */
  MODELS("models"),
  /** See the organisation: its members, workspaces and keys. */
  ADMIN_READ("admin:read"),
  /** Change the organisation. */
  ADMIN_WRITE("admin:write"),
  /** See how the server does, for all organisations together and for each. */
  OPERATIONS("operations");

  private final String wireName;

  Scope(String wireName) {
    this.wireName = wireName;
  }

  /** The name that people, requests and rows use. */
  public String wireName() {
    return wireName;
  }

  /** The scope of that name; empty if there is none. */
  public static Optional<Scope> of(String wireName) {
    return Arrays.stream(values()).filter(scope -> scope.wireName.equals(wireName)).findFirst();
  }
}
