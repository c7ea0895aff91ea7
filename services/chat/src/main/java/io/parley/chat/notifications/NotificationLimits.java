package io.parley.chat.notifications;

import java.time.Duration;

/** The limits of notifications, and what happens at them. */
public final class NotificationLimits {
  /** For which nobody must have watched after an answer's end; who did in between is not told. */
  public static final Duration UNWATCHED = Duration.ofSeconds(30);

  /** Notifications that wait, of all users; of further ones nobody is told, but the log. */
  public static final int MAX_WAITING = 100_000;

  /** Notifications of one user whose answers ended in an hour; of further ones nobody is told. */
  public static final int MAX_OF_USER_PER_HOUR = 60;

  /** Notifications that are being sent by one process at the same time; more wait. */
  public static final int MAX_IN_FLIGHT = 32;

  /** How often it is tried, with {@link #pauseAfter} in between; then it has failed. */
  public static final int MAX_ATTEMPTS = 6;

  /** How long an attempt may take in all, repeated calls included. */
  public static final Duration BUDGET = Duration.ofSeconds(30);

  /** After which an attempt counts as lost with its process. Longer than a budget. */
  public static final Duration CLAIMED = Duration.ofMinutes(3);

  /** How long rows are kept. */
  public static final Duration KEPT = Duration.ofDays(7);

  /** Bytes of the head of a webhook's answer; a longer one counts as no answer. */
  public static final int MAX_HEAD_BYTES = 16 << 10;

  /** Webhooks of which is remembered how they fared; beyond it the one longest unused is not. */
  public static final int MAX_CLIENTS = 1_000;

  private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
  private static final int GROWTH = 5;

  /** The pause after so many attempts: 1, 5, 25 minutes, 2 and 10 hours. */
  static Duration pauseAfter(int attempts) {
    Duration pause = FIRST_PAUSE;
    for (int i = 1; i < attempts; i++) {
      pause = pause.multipliedBy(GROWTH);
    }
    return pause;
  }

  private NotificationLimits() {}
}
