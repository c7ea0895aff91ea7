package io.parley.concurrent.client;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.OptionalLong;

/**
 * How long a server asks not to be called again: {@code retry-after-ms} in milliseconds, or {@code
 * Retry-After} in seconds or as a date (RFC 9110, 10.2.3).
 *
 * <p><b>The hazard: two clocks.</b> A date of the server means nothing to a client whose clock is
 * wrong. It is compared with the {@code Date} of the same answer, by the server's own clock;
 * without that one, a date counts as nothing.
 */
final class RetryAfter {
  private RetryAfter() {}

  /**
   * Nanoseconds to wait, at least 0; empty if the answer does not say, or not in a way that counts.
   */
  static OptionalLong nanos(ApiResponse response) {
    try {
      return response
          .header("retry-after-ms")
          .map(ms -> nanos(ms, 1_000_000))
          .or(() -> response.header("retry-after").map(value -> secondsOrDate(value, response)))
          .map(OptionalLong::of)
          .orElse(OptionalLong.empty());
    } catch (NumberFormatException | DateTimeException e) {
      return OptionalLong.empty();
    }
  }

  private static long secondsOrDate(String value, ApiResponse response) {
    if (value.isBlank() || !Character.isLetter(value.strip().charAt(0))) {
      return nanos(value, 1e9);
    }
    Instant now = date(response.header("date").orElse(""));
    Duration wait = Duration.between(now, date(value));
    return nanos(Long.toString(wait.toSeconds()), 1e9);
  }

  private static Instant date(String value) {
    return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value.strip()));
  }

  // A cast from double saturates: a number beyond all measure becomes the longest wait.
  private static long nanos(String number, double nanosPerUnit) {
    double nanos = Double.parseDouble(number.strip()) * nanosPerUnit;
    if (Double.isNaN(nanos)) {
      throw new NumberFormatException(number);
    }
    return (long) Math.max(0, nanos);
  }
}
