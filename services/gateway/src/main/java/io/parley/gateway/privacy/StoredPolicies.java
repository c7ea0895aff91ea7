package io.parley.gateway.privacy;

import io.parley.common.TimeSource;
import io.parley.ports.data.Database;
import io.parley.safety.PrivacyPolicies;
import io.parley.safety.PrivacyPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Knows the policies in the database. Thread-safe; may block.
 *
 * <p>What it reads it remembers for a second, so a change counts a second later at most, whoever
 * made it. The memory is of fixed size and direct-mapped: the hash of an organisation names its
 * slot, and a newcomer takes it. Of those who come while one reads, the others wait for what he
 * finds: a thousand requests at once are one look-up. If the database cannot be read, nothing older
 * stands in.
 */
public final class StoredPolicies implements PrivacyPolicies {
  /** A policy that was changed may still count for this long. */
  public static final Duration LIFE = Duration.ofSeconds(1);

  /** A power of two. */
  private static final int SLOTS = 4_096;

  /** Organisations whose policies are read at the same time; a power of two. */
  private static final int LOCKS = 64;

  private record Entry(String organisationId, PrivacyPolicy policy, long readNanos) {}

  private final AtomicReferenceArray<@Nullable Entry> slots = new AtomicReferenceArray<>(SLOTS);
  private final Object[] reading = Stream.generate(Object::new).limit(LOCKS).toArray();
  private final Database database;
  private final TimeSource time;

  public StoredPolicies(Database database, TimeSource time) {
    this.database = database;
    this.time = time;
  }

  @Override
  public PrivacyPolicy of(String organisationId) {
    int slot = organisationId.hashCode() & (SLOTS - 1);
    PrivacyPolicy remembered = remembered(slot, organisationId);
    if (remembered != null) {
      return remembered;
    }
    synchronized (reading[slot & (LOCKS - 1)]) {
      PrivacyPolicy found = remembered(slot, organisationId);
      return found != null ? found : read(slot, organisationId);
    }
  }

  @Override
  public Optional<PrivacyPolicy> atHand(String organisationId) {
    int slot = organisationId.hashCode() & (SLOTS - 1);
    return Optional.ofNullable(remembered(slot, organisationId));
  }

  private @Nullable PrivacyPolicy remembered(int slot, String organisationId) {
    Entry entry = slots.get(slot);
    boolean fresh =
        entry != null
            && entry.organisationId.equals(organisationId)
            && time.nanoTime() - entry.readNanos < LIFE.toNanos();
    return fresh ? entry.policy : null;
  }

  private PrivacyPolicy read(int slot, String organisationId) {
    // The time before the look-up, so that the entry is never older than it claims.
    long begin = time.nanoTime();
    PrivacyPolicy policy = database.read(handle -> PolicyRows.read(handle, organisationId));
    slots.set(slot, new Entry(organisationId, policy, begin));
    return policy;
  }
}
