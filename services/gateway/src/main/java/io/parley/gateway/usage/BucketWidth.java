package io.parley.gateway.usage;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * How long the stretches of time are that a report sums up, each beginning at a full one in UTC.
 */
public enum BucketWidth {
  MINUTE("1m", 60_000L, 60, 1_440),
  HOUR("1h", 3_600_000L, 24, 168),
  DAY("1d", 86_400_000L, 7, 31);

  private final String wireName;
  private final long millis;
  private final int defaultLimit;
  private final int maxLimit;

  BucketWidth(String wireName, long millis, int defaultLimit, int maxLimit) {
    this.wireName = wireName;
    this.millis = millis;
    this.defaultLimit = defaultLimit;
    this.maxLimit = maxLimit;
  }

  public String wireName() {
    return wireName;
  }

  public long millis() {
    return millis;
  }

  /** The width of the stored sums that such buckets are made of. */
  long storedMillis() {
    return this == MINUTE ? MINUTE.millis : HOUR.millis;
  }

  /** Buckets of a page, if nothing else is said. */
  public int defaultLimit() {
    return defaultLimit;
  }

  /** Buckets of a page at most. */
  public int maxLimit() {
    return maxLimit;
  }

  /** The beginning of the bucket that a time is in. */
  public Instant floor(Instant time) {
    return Instant.ofEpochMilli(Math.floorDiv(time.toEpochMilli(), millis) * millis);
  }

  public static BucketWidth of(String wireName) {
    return Arrays.stream(values())
        .filter(width -> width.wireName.equals(wireName))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no width: " + wireName));
  }

  public static List<String> wireNames() {
    return Arrays.stream(values()).map(BucketWidth::wireName).toList();
  }
}
