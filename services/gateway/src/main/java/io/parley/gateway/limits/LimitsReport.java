package io.parley.gateway.limits;

import io.parley.common.TimeSource;
import io.parley.gateway.administration.TierLimits;
import io.parley.ports.ephemeral.EphemeralStore;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** How far organisations are with their limits and budgets. Thread-safe; may block. */
public final class LimitsReport {
  private final TierTerms tiers;
  private final EphemeralStore store;
  private final Spend spend;
  private final TimeSource time;

  /**
   * How far one limit is used.
   *
   * @param limit its name
   * @param used of {@code size}, now
   */
  public record LimitUse(String model, String limit, long used, long size) {}

  /**
   * How far an organisation is.
   *
   * @param spentMicros in this month (UTC), in millionths of the currency of the prices
   * @param heldMicros what requests under way may spend yet
   * @param budgetMicros empty for no budget
   */
  public record Use(
      String organisationId,
      List<LimitUse> limits,
      long spentMicros,
      long heldMicros,
      OptionalLong budgetMicros) {
    public Use {
      limits = List.copyOf(limits);
    }
  }

  /**
   * A report on the accounts of a limiter.
   *
   * @param store the limiter's
   */
  public LimitsReport(TierTerms tiers, EphemeralStore store, Spend spend, TimeSource time) {
    this.tiers = tiers;
    this.store = store;
    this.spend = spend;
    this.time = time;
  }

  /** How far an organisation is with each model. */
  public Use of(String organisationId, Collection<String> models) {
    Instant now = time.now();
    Terms terms = tiers.of(organisationId);
    List<LimitUse> uses = new ArrayList<>();
    for (String model : models) {
      TierLimits limits = terms.of(model);
      if (!limits.isEmpty()) {
        add(uses, organisationId, model, limits, now.toEpochMilli());
      }
    }
    return budget(organisationId, uses, terms.monthlyBudgetMicros(), now);
  }

  private void add(
      List<LimitUse> uses, String organisationId, String model, TierLimits limits, long nowMs) {
    ModelAccount account =
        ModelAccount.open(store.get(RateLimits.key(organisationId, model)), limits, nowMs);
    Standing standing = account.standing();
    add(uses, model, Limit.REQUESTS, standing.requests());
    add(uses, model, Limit.INPUT_TOKENS, standing.input());
    add(uses, model, Limit.OUTPUT_TOKENS, standing.output());
    limits
        .concurrentRequests()
        .ifPresent(
            size -> uses.add(new LimitUse(model, name(Limit.CONCURRENT), account.open(), size)));
  }

  private static void add(List<LimitUse> uses, String model, Limit limit, Allowance allowance) {
    allowance
        .perMinute()
        .ifPresent(
            size -> uses.add(new LimitUse(model, name(limit), size - allowance.remaining(), size)));
  }

  private static String name(Limit limit) {
    return limit.name().toLowerCase(Locale.ROOT);
  }

  private Use budget(
      String organisationId, List<LimitUse> uses, OptionalLong budgetMicros, Instant now) {
    YearMonth month = YearMonth.from(now.atOffset(ZoneOffset.UTC));
    return BudgetAccount.open(store.get(Budgets.key(organisationId, month)), now.toEpochMilli())
        .map(
            account ->
                new Use(
                    organisationId,
                    uses,
                    account.spentMicros(),
                    account.heldMicros(),
                    budgetMicros))
        .orElseGet(
            () ->
                new Use(
                    organisationId, uses, spend.micros(organisationId, month), 0, budgetMicros));
  }
}
