package io.parley.concurrent.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A call that got no answer. An answer that speaks of an error is no exception but an answer. */
public final class ApiException extends IOException {
  private static final long serialVersionUID = 1;

  /** Why there is no answer. */
  public enum Reason {
    /** The last attempt failed; the cause says how. It may have arrived. */
    TRANSPORT,
    /** No place among the calls in flight became free within the budget. */
    TOO_MANY_IN_FLIGHT,
    /** The rate would not have let it go within the budget. */
    RATE,
    /**
     * The server had asked, of this call or another, not to be called for longer than the budget.
     */
    ASKED_TO_WAIT,
    /** The budget was over before an attempt could be made. */
    DEADLINE,
    /** Too many calls failed lately: the breaker is open. */
    CIRCUIT_OPEN,
    /** The client was closed. */
    CLOSED
  }

  private final Reason reason;

  ApiException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why there is no answer. */
  public Reason reason() {
    return reason;
  }
}
