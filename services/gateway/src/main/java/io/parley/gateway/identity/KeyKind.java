package io.parley.gateway.identity;

import io.parley.gateway.Scope;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The kinds of key. They look different, and no key of one can do what the other is for. */
@SuppressWarnings("ImmutableEnumChecker") // the set is a copy that nobody changes
public enum KeyKind {
  /** Sent by programs that generate. */
  API("api", "sk-parley-", "key_", EnumSet.of(Scope.MESSAGES, Scope.MODELS)),
  /** Sent by programs that administer an organisation. */
  ADMIN("admin", "sk-parley-admin-", "adminkey_", EnumSet.of(Scope.ADMIN_READ, Scope.ADMIN_WRITE)),
  /**
   * Sent by those who run the server. It shows what all organisations do, so it is made from the
   * shell alone, and no key of an organisation can be as good.
   */
  OPERATIONS("operations", "sk-parley-ops-", "opskey_", EnumSet.of(Scope.OPERATIONS));

  private final String wireName;
  private final String secretPrefix;
  private final String idPrefix;
  private final Set<Scope> scopes;

  KeyKind(String wireName, String secretPrefix, String idPrefix, Set<Scope> scopes) {
    this.wireName = wireName;
    this.secretPrefix = secretPrefix;
    this.idPrefix = idPrefix;
    this.scopes = Set.copyOf(scopes);
  }

  /** What rows call it. */
  public String wireName() {
    return wireName;
  }

  /** What its secrets begin with. */
  public String secretPrefix() {
    return secretPrefix;
  }

  /** What its ids begin with. */
  public String idPrefix() {
    return idPrefix;
  }

  /** All that a key of this kind can be good for, and is if nothing else is said. */
  public Set<Scope> scopes() {
    return scopes;
  }

  /** The kind that rows call by that name. */
  public static KeyKind of(String wireName) {
    return Arrays.stream(values())
        .filter(kind -> kind.wireName.equals(wireName))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no kind of key: " + wireName));
  }

  /** The kind of the key that has this id; empty if no id looks like that. */
  public static Optional<KeyKind> ofId(String keyId) {
    return Arrays.stream(values()).filter(kind -> keyId.startsWith(kind.idPrefix)).findFirst();
  }
}
