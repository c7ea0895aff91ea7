package io.parley.gateway.slo;

/** How much of something was good, and how much was bad. */
public record Counts(long good, long bad) {
  static final Counts NONE = new Counts(0, 0);

  Counts minus(Counts earlier) {
    return new Counts(good - earlier.good, bad - earlier.bad);
  }

  /** All of it. */
  public long total() {
    return good + bad;
  }

  /** The share that was bad, 0 to 1; 0 if there was nothing. */
  public double badShare() {
    return total() == 0 ? 0 : (double) bad / total();
  }
}
