package io.parley.gateway.usage;

import io.parley.common.ParleyException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Which buckets one page of a report has.
 *
 * @param from the beginning of the first
 * @param to the end of the last, exclusive; the same as {@code from} if there is none
 * @param next the name of the page after it; empty if this is the last
 */
public record ReportPage(BucketWidth width, Instant from, Instant to, Optional<String> next) {
  private static final String PREFIX = "page_";

  /**
   * The page that a request asks for. Times are cut to the beginning of their bucket, so a bucket
   * is in the report if it ends at or before the end.
   *
   * @param startingAt no bucket before the one that this is in
   * @param endingAt empty for everything up to the bucket that is under way
   * @param limit buckets of a page, if the request says
   * @param page what the page before named; empty for the first
   * @throws ParleyException INVALID_REQUEST that names the parameter
   */
  public static ReportPage of(
      BucketWidth width,
      Instant startingAt,
      Optional<Instant> endingAt,
      Optional<Integer> limit,
      Optional<String> page,
      Instant now) {
    int most = limit.orElse(width.defaultLimit());
    if (most < 1 || most > width.maxLimit()) {
      throw ParleyException.invalid(
          "limit: must be an integer from 1 to %d for buckets of %s"
              .formatted(width.maxLimit(), width.wireName()));
    }
    Instant begin = width.floor(startingAt);
    Instant end = endingAt.map(width::floor).orElseGet(() -> after(width, now));
    if (endingAt.isPresent() && !startingAt.isBefore(endingAt.get())) {
      throw ParleyException.invalid("ending_at: must be after starting_at");
    }
    Instant from = page.map(name -> decode(name, width, begin, end)).orElse(begin);
    Instant full = from.plusMillis(most * width.millis());
    boolean more = full.isBefore(end);
    Instant last = from.isBefore(end) ? end : from;
    return new ReportPage(
        width, from, more ? full : last, more ? Optional.of(encode(full)) : Optional.empty());
  }

  private static Instant after(BucketWidth width, Instant now) {
    return width.floor(now).plusMillis(width.millis());
  }

  /** The beginnings of its buckets. */
  public List<Instant> buckets() {
    List<Instant> buckets = new ArrayList<>();
    for (Instant at = from; at.isBefore(to); at = at.plusMillis(width.millis())) {
      buckets.add(at);
    }
    return buckets;
  }

  private static String encode(Instant from) {
    return PREFIX
        + Base64.getUrlEncoder()
            .encodeToString(from.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private static Instant decode(String page, BucketWidth width, Instant begin, Instant end) {
    try {
      if (page.startsWith(PREFIX)) {
        byte[] text = Base64.getUrlDecoder().decode(page.substring(PREFIX.length()));
        Instant from = Instant.parse(new String(text, StandardCharsets.US_ASCII));
        if (width.floor(from).equals(from) && !from.isBefore(begin) && from.isBefore(end)) {
          return from;
        }
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      // Answered below: what is no name of a page and what is one of another report are told the
      // same.
    }
    throw ParleyException.invalid("page: must be the next_page of the same report");
  }
}
