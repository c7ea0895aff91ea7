package io.parley.chat.users;

import java.util.Optional;

/**
 * How somebody wants to hear of an answer that finished while nobody watched.
 *
 * @param webhook an address that is called; checked when it is set and again when it is called
 */
public record Notifications(boolean mail, Optional<String> webhook) {
  public static final Notifications NOT_AT_ALL = new Notifications(false, Optional.empty());
}
