package io.parley.chat.notifications;

import java.time.Duration;

/** Knows who is looking. Thread-safe; never blocks. */
@FunctionalInterface
public interface Watchers {
  /**
   * Whether some device of a user follows an answer or the user's events, or did a while ago.
   *
   * @param within how long ago; zero asks for now
   */
  boolean watched(String userId, Duration within);
}
