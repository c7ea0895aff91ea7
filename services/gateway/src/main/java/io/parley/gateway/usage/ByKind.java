package io.parley.gateway.usage;

import io.parley.gateway.messages.CacheTtl;
import io.parley.ports.model.Usage;
import java.util.function.ToLongFunction;

/** A whole number for each kind of token: tokens, prices or amounts. */
public record ByKind(
    long input, long cacheWrite5m, long cacheWrite1h, long cacheRead, long output) {
  public static final ByKind ZERO = new ByKind(0, 0, 0, 0, 0);

  /** One number for each kind. */
  public static ByKind of(ToLongFunction<TokenKind> number) {
    return new ByKind(
        number.applyAsLong(TokenKind.INPUT),
        number.applyAsLong(TokenKind.CACHE_WRITE_5M),
        number.applyAsLong(TokenKind.CACHE_WRITE_1H),
        number.applyAsLong(TokenKind.CACHE_READ),
        number.applyAsLong(TokenKind.OUTPUT));
  }

  /**
   * The tokens of a generation.
   *
   * @param ttl how long the client wanted the cache to keep what it marked
   */
  public static ByKind tokens(Usage usage, CacheTtl ttl) {
    boolean hour = ttl == CacheTtl.ONE_HOUR;
    return new ByKind(
        usage.inputTokens(),
        hour ? 0 : usage.cacheCreationTokens(),
        hour ? usage.cacheCreationTokens() : 0,
        usage.cacheReadTokens(),
        usage.outputTokens());
  }

  public long of(TokenKind kind) {
    return switch (kind) {
      case INPUT -> input;
      case CACHE_WRITE_5M -> cacheWrite5m;
      case CACHE_WRITE_1H -> cacheWrite1h;
      case CACHE_READ -> cacheRead;
      case OUTPUT -> output;
    };
  }

  /**
   * The sum, kind by kind.
   *
   * @throws ArithmeticException if it does not fit
   */
  public ByKind plus(ByKind other) {
    return of(kind -> Math.addExact(of(kind), other.of(kind)));
  }

  /**
   * The sum of all kinds.
   *
   * @throws ArithmeticException if it does not fit
   */
  public long total() {
    long total = 0;
    for (TokenKind kind : TokenKind.values()) {
      total = Math.addExact(total, of(kind));
    }
    return total;
  }
}
