package io.parley.gateway.slo;

import java.time.Duration;
import java.util.List;

/**
 * Says that the error budget burns too fast: over a long window, which makes it matter, and over a
 * short one, which makes it end soon after its cause.
 *
 * <p>Source: The Site Reliability Workbook (Google, 2018), chapter 5, "multiwindow, multi-burn-rate
 * alerts", with its recommended figures for a window of 30 days.
 *
 * @param factor how many times faster than allowed
 */
public record BurnAlert(
    String name, Severity severity, double factor, Duration longWindow, Duration shortWindow) {
  /** Whom it concerns. */
  public enum Severity {
    /** Somebody should look at once. */
    PAGE("page"),
    /** Somebody should look on a working day. */
    TICKET("ticket");

    private final String wireName;

    Severity(String wireName) {
      this.wireName = wireName;
    }

    /** What metrics and reports call it. */
    public String wireName() {
      return wireName;
    }
  }

  /** Uses up 2 % of the budget in an hour; 5 % in 6 hours; 10 % in 3 days. */
  static final List<BurnAlert> ALL =
      List.of(
          new BurnAlert("fast", Severity.PAGE, 14.4, Duration.ofHours(1), Duration.ofMinutes(5)),
          new BurnAlert("slow", Severity.PAGE, 6, Duration.ofHours(6), Duration.ofMinutes(30)),
          new BurnAlert("steady", Severity.TICKET, 1, Duration.ofDays(3), Duration.ofHours(6)));

  /** The longest window of all. */
  static final Duration LONGEST = Duration.ofDays(3);
}
