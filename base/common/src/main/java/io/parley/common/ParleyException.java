package io.parley.common;

import org.jspecify.annotations.Nullable;

/**
 * A failure with a place in the closed list of {@link ErrorCode}s. The message is written for the
 * caller: it names the field and what would be right, and holds nothing that the caller may not
 * see.
 */
public final class ParleyException extends RuntimeException {
  private final ErrorCode code;

  public ParleyException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public ParleyException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** A request that is wrong as it stands. */
  public static ParleyException invalid(String message) {
    return new ParleyException(ErrorCode.INVALID_REQUEST, message);
  }

  public ErrorCode code() {
    return code;
  }
}
