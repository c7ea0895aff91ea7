package io.parley.simulation.fleet;

import io.parley.engine.PriorityClass;
import io.parley.engine.SchedulingTerms;
import io.parley.simulation.trace.Arrival;
import java.util.stream.IntStream;

/**
 * The terms on which each tenant's requests are scheduled: one object for all of a tenant's
 * requests on all replicas, since schedulers look at it for every token. Immutable.
 */
final class TenantTerms {
  private final SchedulingTerms[] interactive;
  private final SchedulingTerms[] batch;
  private final Sharing sharing;

  TenantTerms(Sharing sharing, int tenants) {
    this.sharing = sharing;
    int accounts = sharing == Sharing.FAIR ? tenants : 1;
    this.interactive = terms(accounts, PriorityClass.INTERACTIVE);
    this.batch = terms(accounts, PriorityClass.BATCH);
  }

  private static SchedulingTerms[] terms(int accounts, PriorityClass priority) {
    return IntStream.range(0, accounts)
        .mapToObj(
            i ->
                new SchedulingTerms(
                    "tenant-" + i, 1, Integer.MAX_VALUE, priority, SchedulingTerms.NO_TIME_LIMIT))
        .toArray(SchedulingTerms[]::new);
  }

  /** The terms of a request that a scheduler gets now: its time limit runs since its arrival. */
  SchedulingTerms of(Arrival arrival, long nowNanos) {
    SchedulingTerms[] terms = arrival.batch() ? batch : interactive;
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
