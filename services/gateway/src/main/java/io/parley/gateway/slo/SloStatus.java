package io.parley.gateway.slo;

import java.util.List;

/**
 * How one objective stands for one model.
 *
 * @param counts over the objective's window, as far as this process has seen it
 * @param budgetLeft the share of the error budget that is left, 1 for all of it; below 0 if more
 *     than all is used up
 * @param alerts each with how it stands
 */
public record SloStatus(
    Slo slo, String model, Counts counts, double budgetLeft, List<AlertStatus> alerts) {
  public SloStatus {
    alerts = List.copyOf(alerts);
  }

  /**
   * How an alert stands.
   *
   * @param longBurn burn rate over its long window
   * @param shortBurn burn rate over its short window
   * @param isBacked whether enough went wrong in the long window for its rate to say anything: of
   *     few requests a single failure is a large share
   */
  public record AlertStatus(BurnAlert alert, double longBurn, double shortBurn, boolean isBacked) {
    /** Whether it fires. */
    public boolean firing() {
      return isBacked && longBurn > alert.factor() && shortBurn > alert.factor();
    }
  }

  /** Of a model of which nothing was looked at yet. */
  static SloStatus untouched(Slo slo, String model) {
    List<AlertStatus> quiet =
        BurnAlert.ALL.stream().map(alert -> new AlertStatus(alert, 0, 0, false)).toList();
    return new SloStatus(slo, model, Counts.NONE, 1, quiet);
  }
}
