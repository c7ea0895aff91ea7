package io.parley.gateway.administration;

import java.util.Locale;

/**
 * Who makes a change.
 *
 * @param id of the key, or the name of the user at the shell
 */
public record Actor(Kind kind, String id) {
  /** The server itself, at its first start. */
  public static final Actor SERVER = new Actor(Kind.SERVER, "server");

  /** Where a change comes from. */
  public enum Kind {
    /** A request with an admin key. */
    ADMIN_KEY,
    /** The command line, by someone who may write the database. */
    SHELL,
    /** The server by itself. */
    SERVER;

    /** What rows call it. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String wireName) {
      return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
  }

  /** The holder of an admin key. */
  public static Actor adminKey(String keyId) {
    return new Actor(Kind.ADMIN_KEY, keyId);
  }

  /** A user of the machine. */
  public static Actor shell(String user) {
    return new Actor(Kind.SHELL, user);
  }
}
