package io.parley.gateway.usage;

import io.parley.common.ParleyException;
import java.time.Instant;

/**
 * What a model's tokens cost from some time on.
 *
 * @param model the id of a model, or {@value #EVERY_MODEL}
 * @param microsPerMillion millionths of the currency for a million tokens, 0 to {@value
 *     #MAX_MICROS}
 */
public record Price(String model, Instant from, ByKind microsPerMillion) {
  /** In the place of a model: every one that has no price of its own. */
  public static final String EVERY_MODEL = "*";

  /** A million of the currency for a million tokens: above that something else is meant. */
  public static final long MAX_MICROS = 1_000_000_000_000L;

  private static final int WHOLE_PERCENT = 100;

  /** From millionths for a million tokens and percent to billionths. */
  private static final long DIVISOR = 1_000L * WHOLE_PERCENT;

  public Price {
    for (TokenKind kind : TokenKind.values()) {
      long micros = microsPerMillion.of(kind);
      if (micros < 0 || micros > MAX_MICROS) {
        throw ParleyException.invalid(
            kind.column() + ": must be from 0 to " + MAX_MICROS / 1_000_000);
      }
    }
  }

  /**
   * What the tokens of one request cost, in billionths of the currency, each kind rounded half up.
   *
   * @param tokens of each kind at most {@link Integer#MAX_VALUE}, so that no step overflows
   * @param percent of the price, 0 to 100
   */
  ByKind nanos(ByKind tokens, int percent) {
    return ByKind.of(kind -> nanos(tokens.of(kind), microsPerMillion.of(kind) * percent));
  }

  private static long nanos(long tokens, long microsTimesPercent) {
    long whole = microsTimesPercent / DIVISOR * tokens;
    return whole + (microsTimesPercent % DIVISOR * tokens + DIVISOR / 2) / DIVISOR;
  }
}
