package io.parley.chat.http;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds sessions. Thread-safe; may block. */
@FunctionalInterface
public interface Sessions {
  /** The name of the cookie. */
  String COOKIE = "parley_session";

  /** The session that a cookie's value stands for; empty if there is none, or not any more. */
  Optional<Session> find(String cookie);

  /** Those of these cookies' values that stand for a session still. */
  default Set<String> holding(Set<String> cookies) {
    return cookies.stream()
        .filter(cookie -> find(cookie).isPresent())
        .collect(Collectors.toUnmodifiableSet());
  }
}
