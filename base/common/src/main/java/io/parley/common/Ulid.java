package io.parley.common;

import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * Makes ids that sort by time: 48 bits of Unix milliseconds and 80 random bits, written as 26
 * characters of Crockford's base 32 (the ULID specification, github.com/ulid/spec).
 *
 * <p>Within one millisecond ids of one generator still rise: the random part is counted up by one.
 * Thread-safe if the random generator is used by this object alone.
 */
public final class Ulid {
  private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
  private static final long LOW_40_BITS = (1L << 40) - 1;

  private final TimeSource time;
  private final RandomGenerator random;
  private long lastMillis = -1;
  private long high;
  private long low;

  /** {@code random} must be unpredictable where ids must not be guessed. */
  public Ulid(TimeSource time, RandomGenerator random) {
    this.time = time;
    this.random = random;
  }

  /** The next id; greater than every id that this generator gave before. */
  public synchronized String next() {
    Instant now = time.now();
    if (now.toEpochMilli() > lastMillis) {
      lastMillis = now.toEpochMilli();
      high = random.nextLong() & LOW_40_BITS;
      low = random.nextLong() & LOW_40_BITS;
    } else {
      countUp();
    }
    return encode(lastMillis, high, low);
  }

  private void countUp() {
    low = (low + 1) & LOW_40_BITS;
    if (low == 0) {
      high = (high + 1) & LOW_40_BITS;
      if (high == 0) {
        lastMillis++;
      }
    }
  }

  private static String encode(long millis, long high, long low) {
    char[] out = new char[26];
    write(out, 0, 10, millis);
    write(out, 10, 8, high);
    write(out, 18, 8, low);
    return new String(out);
  }

  private static void write(char[] out, int from, int length, long value) {
    for (int i = length - 1; i >= 0; i--) {
      out[from + i] = DIGITS[(int) (value & 31)];
      value >>>= 5;
    }
  }
}
