package io.parley.simulation.fleet;

import io.parley.engine.SchedulingTerms;
import io.parley.simulation.trace.Arrival;
import java.util.stream.IntStream;

/**
 * The terms on which each tenant's requests are scheduled: one object for all of a tenant's
 * requests on all replicas, since schedulers look at it for every token. Immutable.
 */
final class TenantTerms {
  private final SchedulingTerms[] terms;
  private final Sharing sharing;

  TenantTerms(Sharing sharing, int tenants) {
    this.sharing = sharing;
    int accounts = sharing == Sharing.FAIR ? tenants : 1;
    this.terms =
        IntStream.range(0, accounts)
            .mapToObj(i -> SchedulingTerms.of("tenant-" + i))
            .toArray(SchedulingTerms[]::new);
  }

  /** The terms of a request that a scheduler gets now: its time limit runs since its arrival. */
  SchedulingTerms of(Arrival arrival, long nowNanos) {
    SchedulingTerms shared = terms[sharing == Sharing.FAIR ? arrival.tenant() : 0];
    if (arrival.timeLimitNanos() == SchedulingTerms.NO_TIME_LIMIT) {
      return shared;
    }
    long left = arrival.timeLimitNanos() - (nowNanos - arrival.atNanos());
    return new SchedulingTerms(
        shared.organisation(),
        shared.weight(),
        shared.maxRunning(),
        shared.priority(),
        Math.max(1, left));
  }
}
