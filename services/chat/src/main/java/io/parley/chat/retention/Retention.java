package io.parley.chat.retention;

import io.parley.chat.answers.ConversationRemoval;
import io.parley.chat.conversations.ConversationScan;
import io.parley.common.TimeSource;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Removes conversations in which nothing has happened for as long as their organisation wants,
 * except those that somebody flagged. May be broken off and repeated. Thread-safe; blocks.
 */
public final class Retention {
  private final ConversationScan scan;
  private final ConversationRemoval removal;
  private final RetentionPolicy policy;
  private final TimeSource time;

  public Retention(
      ConversationScan scan, ConversationRemoval removal, RetentionPolicy policy, TimeSource time) {
    this.scan = scan;
    this.removal = removal;
    this.policy = policy;
    this.time = time;
  }

  /**
   * Removes what is due.
   *
   * @return how many conversations that were
   */
  public int sweep() {
    Instant now = time.now();
    AtomicInteger removed = new AtomicInteger();
    for (String organisation : scan.organisations()) {
      policy
          .of(organisation)
          .ifPresent(
              kept ->
                  scan.idleSince(
                      organisation,
                      now.minus(kept),
                      conversation -> {
                        if (removal.remove(conversation)) {
                          removed.incrementAndGet();
                        }
                      }));
    }
    return removed.get();
  }
}
