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
   */
  public record AlertStatus(BurnAlert alert, double longBurn, double shortBurn) {
    /** Whether it fires. */
    public boolean firing() {
      return longBurn > alert.factor() && shortBurn > alert.factor();
    }
  }

  /** Of a model of which nothing was looked at yet. */
  static SloStatus untouched(Slo slo, String model) {
    List<AlertStatus> quiet =
        BurnAlert.ALL.stream().map(alert -> new AlertStatus(alert, 0, 0)).toList();
    return new SloStatus(slo, model, Counts.NONE, 1, quiet);
  }
}
