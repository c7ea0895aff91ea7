package io.parley.gateway.limits;

import io.micrometer.core.instrument.MeterRegistry;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.gateway.administration.TierLimits;
import io.parley.gateway.messages.Accepted;
import io.parley.gateway.messages.Hold;
import io.parley.gateway.messages.Turnstile;
import io.parley.ports.ephemeral.EphemeralStore;
import io.parley.ports.model.ModelDescriptor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Lets requests through as far as the tier of their organisation goes: its limits for the model and
 * its budget of the month. What a request may need is taken at the start and made exact at the end.
 * Thread-safe; {@link #enter} may block.
 *
 * <p>The two are kept apart, so a request that the budget refuses has held its tokens for a moment,
 * and another may have been told to try again shortly. The other way round, one could have been
 * told that the month's money is gone, and not have tried again.
 */
public final class Limiter implements Turnstile {
  private final TierTerms tiers;
  private final RateLimits rates;
  private final Budgets budgets;

  /** Counts up from a random place: 64 bits are room enough for all replicas. */
  private final AtomicLong lastId;

  private final Executor threads;

  /**
   * A limiter.
   *
   * @param store whoever shares it shares the limits
   * @param spend what the store does not know of a month
   * @param ids 64 bits of it tell the requests of this limiter from those on other replicas
   * @param meters counts refusals: {@code parley.limits.refusals}, by limit
   * @param threads runs what ends a request, from an event loop: itself if the store never blocks
   */
  public Limiter(
      TierTerms tiers,
      EphemeralStore store,
      Prices prices,
      Spend spend,
      TimeSource time,
      RandomGenerator ids,
      MeterRegistry meters,
      Executor threads) {
    this.tiers = tiers;
    this.rates = new RateLimits(store, time, new Refusals(meters));
    this.budgets = new Budgets(store, prices, spend, time, new Refusals(meters));
    this.lastId = new AtomicLong(ids.nextLong());
    this.threads = threads;
  }

  /**
   * {@inheritDoc}
   *
   * @throws ParleyException RATE_LIMIT with the name of the limit, its size and when to try again;
   *     BILLING if the budget of the month is used up
   */
  @Override
  public Hold enter(
      Accepted accepted,
      ModelDescriptor model,
      int estimatedInputTokens,
      int maxOutputTokens,
      Consumer<Map<String, String>> headers) {
    Terms terms = tiers.of(accepted.principal().organisationId());
    TierLimits limits = terms.of(model.id());
    if (limits.isEmpty() && terms.monthlyBudgetMicros().isEmpty()) {
      return Hold.NONE;
    }
    Request request =
        new Request(
            lastId.incrementAndGet(), accepted, model, estimatedInputTokens, maxOutputTokens);
    Hold rate = limits.isEmpty() ? Hold.NONE : rates.take(request, limits, headers);
    return new SettledOnce(List.of(rate, money(request, terms, rate)), threads);
  }

  private Hold money(Request request, Terms terms, Hold rate) {
    if (terms.monthlyBudgetMicros().isEmpty()) {
      return Hold.NONE;
    }
    try {
      return budgets.take(request, terms.monthlyBudgetMicros().getAsLong());
    } catch (RuntimeException e) {
      new SettledOnce(List.of(rate), threads).release();
      throw e;
    }
  }
}
