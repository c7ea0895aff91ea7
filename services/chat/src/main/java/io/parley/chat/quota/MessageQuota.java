package io.parley.chat.quota;

import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.ports.ephemeral.EphemeralStore;
import io.parley.ports.ephemeral.Update;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Messages that a user may send in a day (UTC). The store may forget, and then the day begins anew:
 * a quota shares out, and does not account.
 */
public final class MessageQuota {
  /** A quota that never ends. */
  public static final int NO_LIMIT = 0;

  private final EphemeralStore store;
  private final TimeSource time;
  private final int messagesPerDay;

  /**
   * @param messagesPerDay for each user; {@link #NO_LIMIT} for no limit
   */
  public MessageQuota(EphemeralStore store, TimeSource time, int messagesPerDay) {
    this.store = store;
    this.time = time;
    this.messagesPerDay = messagesPerDay;
  }

  /** What somebody may do in a day and has done today. */
  public record Standing(int messagesPerDay, int used) {}

  /** Where somebody stands; empty if there is no limit. */
  public Optional<Standing> standing(String userId) {
    return messagesPerDay == NO_LIMIT
        ? Optional.empty()
        : Optional.of(new Standing(messagesPerDay, used(store.get(key(userId, time.now())))));
  }

  /**
   * Takes one message of today's.
   *
   * @throws ParleyException RATE_LIMIT if there is none left, until midnight
   */
  public void take(String userId) {
    if (messagesPerDay == NO_LIMIT) {
      return;
    }
    Instant now = time.now();
    Duration left = Duration.between(now, midnightAfter(now)).plusMillis(1);
    boolean taken = store.update(key(userId, now), kept -> oneMore(used(kept), left));
    if (!taken) {
      throw ParleyException.rateLimited(
          "you have sent the %d messages of today; there are new ones at midnight UTC"
              .formatted(messagesPerDay),
          left.toMillis());
    }
  }

  private Update<Boolean> oneMore(int used, Duration ttl) {
    return used >= messagesPerDay
        ? Update.keep(false)
        : Update.put(ByteBuffer.allocate(Integer.BYTES).putInt(used + 1).array(), ttl, true);
  }

  private static int used(Optional<byte[]> kept) {
    return kept.map(bytes -> ByteBuffer.wrap(bytes).getInt()).orElse(0);
  }

  private static String key(String userId, Instant now) {
    return "chat-quota/" + userId + "/" + LocalDate.ofInstant(now, ZoneOffset.UTC);
  }

  private static Instant midnightAfter(Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    return today.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
