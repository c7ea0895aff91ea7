package io.parley.chat.users;

import java.util.Optional;

/**
 * How somebody wants to hear of an answer that finished while nobody watched.
 *
 * @param webhook an address that is called; checked when it is set and again when it is called
 */
public record Notify(boolean mail, Optional<String> webhook) {
  public static final Notify NOT_AT_ALL = new Notify(false, Optional.empty());
}
