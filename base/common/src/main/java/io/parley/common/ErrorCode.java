package io.parley.common;

/**
 * The closed list of ways in which a request can fail. Services and adapters throw {@link
 * ParleyException} with one of these; the edge alone makes a response of it.
 *
 * <p>{@link #wireName()} and {@link #httpStatus()} are the {@code error.type} and the status of the
 * Messages API and never change once released.
 */
public enum ErrorCode {
  /** The request is malformed or asks for something that cannot be; the message names the field. */
  INVALID_REQUEST("invalid_request_error", 400, false),
  /** No credential, or one that is unknown or revoked. */
  AUTHENTICATION("authentication_error", 401, false),
  /** The organisation's budget is used up. */
  BILLING("billing_error", 402, false),
  /** The credential is known but may not do this. */
  PERMISSION("permission_error", 403, false),
  /** The named thing does not exist, or not for this organisation. */
  NOT_FOUND("not_found_error", 404, false),
  /** The request contradicts the present state. */
  CONFLICT("conflict_error", 409, false),
  /** The body is larger than the limit. */
  REQUEST_TOO_LARGE("request_too_large", 413, false),
  /** A limit of the organisation is used up for now. */
  RATE_LIMIT("rate_limit_error", 429, true),
  /** A fault of Parley itself. */
  API("api_error", 500, true),
  /** The request, or a part of its work, took longer than its limit. */
  TIMEOUT("timeout_error", 504, true),
  /** The server has no room for the request now. */
  OVERLOADED("overloaded_error", 529, true);

  private final String wireName;
  private final int httpStatus;
  private final boolean retriable;

  ErrorCode(String wireName, int httpStatus, boolean retriable) {
    this.wireName = wireName;
    this.httpStatus = httpStatus;
    this.retriable = retriable;
  }

  /** The {@code error.type} that clients see. */
  public String wireName() {
    return wireName;
  }

  /** The status of a response that says so, 400 to 599. */
  public int httpStatus() {
    return httpStatus;
  }

  /** Whether the same request may succeed later without a change. */
  public boolean retriable() {
    return retriable;
  }
}
