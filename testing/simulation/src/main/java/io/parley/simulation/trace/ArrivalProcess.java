package io.parley.simulation.trace;

import io.parley.common.ParleyException;
import java.util.random.RandomGenerator;

/** When requests arrive. Immutable; {@link #start} begins one run. */
public sealed interface ArrivalProcess {
  /** Requests a second in the long run. */
  double meanRate();

  /** The same process at another mean rate. */
  ArrivalProcess withMeanRate(double rate);

  /** Begins at time 0. */
  Clock start(RandomGenerator random);

  /** One run of a process. */
  @FunctionalInterface
  interface Clock {
    /** The time of the next arrival, in nanoseconds; never before the last. */
    long next();
  }

  /** Independent arrivals: exponential gaps. */
  record Poisson(double meanRate) implements ArrivalProcess {
    public Poisson {
      requireRate(meanRate);
    }

    @Override
    public Poisson withMeanRate(double rate) {
      return new Poisson(rate);
    }

    @Override
    public Clock start(RandomGenerator random) {
      double gapNanos = 1e9 / meanRate;
      double[] now = {0};
      return () -> (long) (now[0] += gapNanos * random.nextExponential());
    }
  }

  /**
   * Calm and bursts by turns, each of exponential length: a Markov-modulated Poisson process of two
   * states.
   *
   * @param burstFactor the rate of a burst over that of a calm, at least 1
   * @param burstSeconds mean length of a burst, greater than 0
   * @param calmSeconds mean length of a calm, greater than 0
   */
  record Bursty(double meanRate, double burstFactor, double burstSeconds, double calmSeconds)
      implements ArrivalProcess {
    public Bursty {
      requireRate(meanRate);
      if (!(burstFactor >= 1 && burstSeconds > 0 && calmSeconds > 0)) {
        throw ParleyException.invalid("bursty needs burst_factor ≥ 1 and lengths > 0");
      }
    }

    @Override
    public Bursty withMeanRate(double rate) {
      return new Bursty(rate, burstFactor, burstSeconds, calmSeconds);
    }

    /** The rate of a calm, which gives the mean rate together with the bursts. */
    double calmRate() {
      double time = burstSeconds + calmSeconds;
      return meanRate * time / (burstFactor * burstSeconds + calmSeconds);
    }

    @Override
    public Clock start(RandomGenerator random) {
      return new TwoStates(this, random);
    }
  }

  private static void requireRate(double rate) {
    if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
      throw ParleyException.invalid("rate must be greater than 0: " + rate);
    }
  }

  /** Gaps are drawn at the rate of the state; one that reaches beyond the state begins anew. */
  final class TwoStates implements Clock {
    private final Bursty process;
    private final RandomGenerator random;
    private boolean burst;
    private double nowNanos;
    private double stateEndsNanos;

    TwoStates(Bursty process, RandomGenerator random) {
      this.process = process;
      this.random = random;
      // Begins in the state that it would be found in at any time.
      double time = process.burstSeconds() + process.calmSeconds();
      burst = random.nextDouble() < process.burstSeconds() / time;
      stateEndsNanos = stateLength();
    }

    private double stateLength() {
      return random.nextExponential()
          * 1e9
          * (burst ? process.burstSeconds() : process.calmSeconds());
    }

    @Override
    public long next() {
      while (true) {
        double rate = process.calmRate() * (burst ? process.burstFactor() : 1);
        double candidate = nowNanos + random.nextExponential() * 1e9 / rate;
        if (candidate < stateEndsNanos) {
          nowNanos = candidate;
          return (long) candidate;
        }
        nowNanos = stateEndsNanos;
        burst = !burst;
        stateEndsNanos = nowNanos + stateLength();
      }
    }
  }
}
