package io.parley.gateway.batches;

import java.util.Locale;

/** What can become of a request of a batch. */
public enum BatchOutcome {
  SUCCEEDED,
  ERRORED,
  /** It had not begun when its batch was canceled. */
  CANCELED,
  /** It had not begun when its batch had taken as long as it may. */
  EXPIRED;

  /** What rows and results call it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
