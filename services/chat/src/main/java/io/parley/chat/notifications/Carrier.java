package io.parley.chat.notifications;

import io.parley.chat.users.User;

/** Brings notifications to people in one way. Thread-safe; blocks, for a bounded time. */
@FunctionalInterface
interface Carrier {
  /** How an attempt ended. */
  enum Result {
    /** Whoever is there has taken it. */
    DELIVERED,
    /** It may work another time. */
    LATER,
    /** It will not work. */
    NEVER
  }

  /**
   * Makes an attempt.
   *
   * @throws InterruptedException if the thread is interrupted; it may have arrived
   */
  Result carry(Notification notification, User user) throws InterruptedException;
}
