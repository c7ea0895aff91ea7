package io.parley.common;

import org.jspecify.annotations.Nullable;

/**
 * A failure with a place in the closed list of {@link ErrorCode}s. The message is written for the
 * caller: it names the field and what would be right, and holds nothing that the caller may not
 * see.
 */
public final class ParleyException extends RuntimeException {
  /** Instead of a time after which to try again: there is none. */
  public static final long NO_RETRY = 0;

  private final ErrorCode code;
  private final long retryAfterMs;

  public ParleyException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public ParleyException(ErrorCode code, String message, @Nullable Throwable cause) {
    this(code, message, cause, NO_RETRY);
  }

  private ParleyException(
      ErrorCode code, String message, @Nullable Throwable cause, long retryAfterMs) {
    super(message, cause);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  /**
   * Too much to do just now.
   *
   * @param retryAfterMs when there is likely to be room, in milliseconds from now, at least 1
   */
  public static ParleyException overloaded(String message, long retryAfterMs) {
    return new ParleyException(ErrorCode.OVERLOADED, message, null, retryAfterMs);
  }

  /**
   * A limit of the organisation is used up for now.
   *
   * @param retryAfterMs when the same request will be let through, in milliseconds from now, at
   *     least 1
   */
  public static ParleyException rateLimited(String message, long retryAfterMs) {
    return new ParleyException(ErrorCode.RATE_LIMIT, message, null, retryAfterMs);
  }

  /** A request that is wrong as it stands. */
  public static ParleyException invalid(String message) {
    return new ParleyException(ErrorCode.INVALID_REQUEST, message);
  }

  public ErrorCode code() {
    return code;
  }

  /** Milliseconds after which to try again; {@link #NO_RETRY} if nothing is known of that. */
  public long retryAfterMs() {
    return retryAfterMs;
  }
}
