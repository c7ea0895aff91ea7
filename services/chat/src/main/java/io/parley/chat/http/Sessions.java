package io.parley.chat.http;

import java.util.Optional;

/** Finds sessions. Thread-safe; may block. */
@FunctionalInterface
public interface Sessions {
  /** The name of the cookie. */
  String COOKIE = "parley_session";

  /** The session that a cookie's value stands for; empty if there is none, or not any more. */
  Optional<Session> find(String cookie);
}
