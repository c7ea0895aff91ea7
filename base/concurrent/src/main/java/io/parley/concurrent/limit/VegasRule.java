package io.parley.concurrent.limit;

/**
 * Finds how many calls the other side works on at once, and keeps a few more than that under way.
 *
 * <p>Calls beyond what the other side can work on wait there, so they take longer. With {@code
 * base} as the mean time of a call without waiting, {@code limit × (1 − base ÷ mean)} is how many
 * of our calls wait (Little's law). Fewer than {@code few}: there may be room, the limit grows.
 * More than {@code many}: it shrinks by half of the excess. A refusal cuts it by three tenths.
 *
 * <p><b>Invariants</b>
 *
 * <ol>
 *   <li>{@code min ≤ limit ≤ max}.
 *   <li>The limit changes at most once a round of as many calls as the limit allows, so that each
 *       decision sees calls that were made under the last one.
 *   <li>It grows only if the calls really used it: half of it was under way at some time.
 * </ol>
 *
 * <p><b>The hazards.</b> <em>A moving baseline</em>: where some calls always wait, waiting looks
 * like work, and the limit creeps up; and when the other side became slower for good, work looks
 * like waiting. So every {@value #ROUNDS_IN_EPOCH} rounds the limit is halved for {@value
 * #PROBE_ROUNDS}, which lets the line there drain, and {@code base} is measured anew in the last of
 * them. <em>The shortest time as a base</em>, as in TCP, takes the spread of service times for
 * waiting; here means are compared with means. (Where times spread over orders of magnitude, rounds
 * are too short for their means to be steady, and the limit wanders.) <em>A limit that nobody
 * uses</em> must not grow, or it is no limit when it is needed: invariant 3. <em>Slow start</em>:
 * until the first sign of waiting the limit doubles each round, then it grows by one.
 *
 * <p>Not thread-safe: {@link ConcurrencyLimit} calls it under its lock.
 *
 * <p>Source: L. Brakmo and L. Peterson, "TCP Vegas" (IEEE JSAC 1995); used for calls instead of
 * packets by Netflix' concurrency-limits (2018); the probe is that of BBR (Cardwell et al., 2016).
 */
public final class VegasRule implements LimitRule {
  private static final int MIN_SAMPLES_IN_ROUND = 10;
  private static final int ROUNDS_IN_EPOCH = 50;
  private static final int PROBE_ROUNDS = 4;
  private static final double CUT = 0.7;

  private final int min;
  private final int max;
  private final int few;
  private final int many;

  private boolean slowStart = true;
  private double baseNanos;
  private int rounds;
  private int probeRoundsLeft;
  private int limitAfterProbe;

  // The round under way.
  private int samples;
  private int succeeded;
  private double sumNanos;
  private int mostInFlight;
  private boolean overloaded;

  /** Keeps from three to six calls waiting at the other side. */
  public VegasRule(int min, int max) {
    this(min, max, 3, 6);
  }

  /**
   * A rule.
   *
   * @param min the limit never falls below, at least 1
   * @param max the limit never grows above
   * @param few fewer calls than this waiting at the other side: grow
   * @param many more calls than this waiting there: shrink
   */
  public VegasRule(int min, int max, int few, int many) {
    if (min < 1 || max < min || few < 1 || many < few) {
      throw new IllegalArgumentException(
          "1 ≤ min ≤ max and 1 ≤ few ≤ many must hold; were %d, %d and %d, %d"
              .formatted(min, max, few, many));
    }
    this.min = min;
    this.max = max;
    this.few = few;
    this.many = many;
  }

  @Override
  public int next(int current, Sample sample) {
    samples++;
    mostInFlight = Math.max(mostInFlight, sample.inFlight());
    if (sample.outcome() == Outcome.OVERLOADED) {
      overloaded = true;
    } else {
      succeeded++;
      sumNanos += sample.tookNanos();
    }
    if (samples < Math.max(MIN_SAMPLES_IN_ROUND, current)) {
      return current;
    }
    int next = probeRoundsLeft > 0 ? afterProbeRound(current) : afterRound(current);
    beginRound();
    return Math.clamp(next, min, max);
  }

  private int afterProbeRound(int current) {
    if (overloaded) {
      limitAfterProbe = (int) (limitAfterProbe * CUT);
    }
    if (--probeRoundsLeft > 0) {
      return current;
    }
    if (succeeded > 0) {
      baseNanos = meanNanos();
    }
    return limitAfterProbe;
  }

  private int afterRound(int current) {
    if (overloaded) {
      slowStart = false;
      return (int) (current * CUT);
    }
    if (baseNanos == 0) {
      baseNanos = meanNanos();
    }
    if (++rounds % ROUNDS_IN_EPOCH == 0) {
      limitAfterProbe = current;
      probeRoundsLeft = PROBE_ROUNDS;
      return current / 2;
    }
    return byWaiting(current, current * (1 - baseNanos / Math.max(baseNanos, meanNanos())));
  }

  private int byWaiting(int current, double waiting) {
    if (waiting >= few) {
      slowStart = false;
      return waiting > many ? current - (int) Math.ceil((waiting - many) / 2) : current;
    }
    if (mostInFlight * 2 < current) {
      return current;
    }
    return slowStart ? current * 2 : current + 1;
  }

  private double meanNanos() {
    return Math.max(1, sumNanos / succeeded);
  }

  private void beginRound() {
    samples = 0;
    succeeded = 0;
    sumNanos = 0;
    mostInFlight = 0;
    overloaded = false;
  }
}
