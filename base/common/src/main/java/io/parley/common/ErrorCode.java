package io.parley.common;

/**
 * The closed list of ways in which a request can fail. Services and adapters throw {@link
 * ParleyException} with one of these; the mapping to HTTP is done once, at the edge.
 *
 * <p>{@link #wireName()} is the {@code error.type} of the Messages API and never changes once
 * released.
 */
public enum ErrorCode {
  /** The request is malformed or asks for something that cannot be; the message names the field. */
  INVALID_REQUEST("invalid_request_error", false),
  /** No credential, or one that is unknown or revoked. */
  AUTHENTICATION("authentication_error", false),
  /** The organisation's budget is used up. */
  BILLING("billing_error", false),
  /** The credential is known but may not do this. */
  PERMISSION("permission_error", false),
  /** The named thing does not exist, or not for this organisation. */
  NOT_FOUND("not_found_error", false),
  /** The request contradicts the present state. */
  CONFLICT("conflict_error", false),
  /** The body is larger than the limit. */
  REQUEST_TOO_LARGE("request_too_large", false),
  /** A limit of the organisation is used up for now. */
  RATE_LIMIT("rate_limit_error", true),
  /** A fault of Parley itself. */
  API("api_error", true),
  /** The request, or a part of its work, took longer than its limit. */
  TIMEOUT("timeout_error", true),
  /** The server has no room for the request now. */
  OVERLOADED("overloaded_error", true);

  private final String wireName;
  private final boolean retriable;

  ErrorCode(String wireName, boolean retriable) {
    this.wireName = wireName;
    this.retriable = retriable;
  }

  /** The {@code error.type} that clients see. */
  public String wireName() {
    return wireName;
  }

  /** Whether the same request may succeed later without a change. */
  public boolean retriable() {
    return retriable;
  }
}
