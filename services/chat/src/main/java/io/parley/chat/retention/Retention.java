package io.parley.chat.retention;

import io.parley.chat.answers.ConversationRemoval;
import io.parley.chat.conversations.ConversationScan;
import io.parley.common.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Removes conversations in which nothing has happened for as long as their organisation wants,
 * except those that somebody flagged. May be broken off and repeated. Thread-safe; blocks.
 */
public final class Retention {
  /** Nobody counts in days and minds an hour. */
  private static final Duration BETWEEN_LOOKS = Duration.ofHours(1);

  private final ConversationScan scan;
  private final ConversationRemoval removal;
  private final RetentionPolicy policy;
  private final TimeSource time;
  private final AtomicReference<Instant> nextLook = new AtomicReference<>(Instant.MIN);

  public Retention(
      ConversationScan scan, ConversationRemoval removal, RetentionPolicy policy, TimeSource time) {
    this.scan = scan;
    this.removal = removal;
    this.policy = policy;
    this.time = time;
  }

  /**
   * Removes what is due, if it has not looked for an hour: looking goes through all conversations.
   *
   * @return how many were removed
   */
  public int sweep() {
    Instant now = time.now();
    if (policy.keepsEverything() || now.isBefore(nextLook.get())) {
      return 0;
    }
    nextLook.set(now.plus(BETWEEN_LOOKS));
    AtomicInteger removed = new AtomicInteger();
    for (String organisation : scan.organisations()) {
      policy
          .daysOf(organisation)
          .ifPresent(
              days ->
                  scan.idleSince(
                      organisation,
                      now.minus(Duration.ofDays(days)),
                      conversation -> {
                        if (removal.remove(conversation)) {
                          removed.incrementAndGet();
                        }
                      }));
    }
    return removed.get();
  }
}
