package io.parley.serving.routing;

import java.util.random.RandomGenerator;

/**
 * Power of two choices with prefix affinity.
 *
 * <p><b>Without a prefix</b> two workers are drawn and the less loaded one is taken: the longest
 * queue is then exponentially shorter than with one draw, and the router needs no order of all
 * workers (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001). Loads that
 * are a little old do no harm: no worker is the single best one to which everybody runs.
 *
 * <p><b>With a prefix</b> the two are not drawn but computed from its key, the same two each time,
 * so that requests which begin alike find the keys and values of that beginning. If the better of
 * them is overloaded, the next pair of the key is asked, and so on: a popular prefix spreads over
 * as many homes as it needs and no more (the idea of Mirrokni, Thorup and Zadimoghaddam,
 * "Consistent Hashing with Bounded Loads", 2018). If no home has room, two are drawn. Homes come
 * from jump consistent hashing (Lamping and Veach, 2014): when the n-th worker is added, a home
 * moves with a probability of 1/n.
 *
 * <p>Not thread-safe: it draws from its generator.
 */
public final class Router {
  /** No worker takes requests. */
  public static final int NONE = -1;

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private final RoutingSettings settings;
  private final RandomGenerator random;

  public Router(RoutingSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
  }

  /** A worker for a request that shares nothing with others, or {@link #NONE}. */
  public int choose(WorkerLoads loads) {
    int workers = loads.workers();
    int first = acceptingFrom(random.nextInt(workers), loads);
    if (first == NONE || workers == 1) {
      return first;
    }
    int second = acceptingFrom((first + 1 + random.nextInt(workers - 1)) % workers, loads);
    return lessLoaded(first, second, loads);
  }

  /**
   * A worker for a request, or {@link #NONE}.
   *
   * @param prefixKey equal for requests that begin alike, such as a hash of their first blocks and
   *     their organisation
   */
  public int choose(long prefixKey, WorkerLoads loads) {
    double enough =
        Math.max(settings.overloadSlack(), settings.overloadFactor() * loads.meanLoad());
    for (int pair = 0; pair < settings.homePairs(); pair++) {
      int home =
          lessLoaded(
              home(prefixKey, 2 * pair, loads.workers()),
              home(prefixKey, 2 * pair + 1, loads.workers()),
              loads);
      if (loads.accepts(home) && loads.load(home) <= enough) {
        return home;
      }
    }
    return choose(loads);
  }

  /** The {@code rank}-th home of a prefix; two ranks may have the same one. */
  static int home(long prefixKey, int rank, int workers) {
    return jump(mix(prefixKey + rank * GOLDEN_GAMMA), workers);
  }

  private static int lessLoaded(int first, int second, WorkerLoads loads) {
    if (loads.accepts(first) != loads.accepts(second)) {
      return loads.accepts(first) ? first : second;
    }
    return loads.load(second) < loads.load(first) ? second : first;
  }

  private static int acceptingFrom(int start, WorkerLoads loads) {
    int workers = loads.workers();
    for (int i = 0; i < workers; i++) {
      int worker = (start + i) % workers;
      if (loads.accepts(worker)) {
        return worker;
      }
    }
    return NONE;
  }

  private static int jump(long hash, int buckets) {
    long state = hash;
    long bucket = -1;
    long next = 0;
    while (next < buckets) {
      bucket = next;
      state = state * 2862933555777941757L + 1;
      next = (long) ((bucket + 1) * (0x1p31 / ((state >>> 33) + 1)));
    }
    return (int) bucket;
  }

  /** The finalizer of SplitMix64: neighbouring keys must not have neighbouring homes. */
  private static long mix(long key) {
    long z = (key ^ (key >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
