package io.parley.gateway.administration;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The tiers. They belong to the server and not to an organisation. */
public final class Tiers {
  private static final String SELECT =
      "SELECT id, weight_milli, max_running, monthly_budget_micros FROM tiers";
  private static final String SELECT_LIMITS =
      "SELECT model, requests_per_minute, input_tokens_per_minute, output_tokens_per_minute,"
          + " concurrent_requests FROM tier_limits WHERE tier_id = :tier ORDER BY model";

  private final Store store;

  Tiers(Store store) {
    this.store = store;
  }

  /** All tiers, by name. */
  public List<Tier> list() {
    return store.read(
        handle ->
            handle
                .createQuery(SELECT + " ORDER BY id")
                .map((row, context) -> tier(handle, row))
                .list());
  }

  /**
   * One tier.
   *
   * @throws io.parley.common.ParleyException NOT_FOUND if there is no such tier
   */
  public Tier get(String id) {
    return store.read(handle -> get(handle, id));
  }

  static Tier get(Handle handle, String id) {
    return handle
        .createQuery(SELECT + " WHERE id = :id")
        .bind("id", id)
        .map((row, context) -> tier(handle, row))
        .findOne()
        .orElseThrow(() -> Store.missing("tier", "tier", id));
  }

  private static Tier tier(Handle handle, ResultSet row) throws SQLException {
    String id = row.getString("id");
    return new Tier(
        id,
        row.getLong("weight_milli"),
        optional(row, "max_running"),
        optional(row, "monthly_budget_micros"),
        limits(handle, id));
  }

  private static List<TierLimits> limits(Handle handle, String tierId) {
    return handle
        .createQuery(SELECT_LIMITS)
        .bind("tier", tierId)
        .map(
            (row, context) ->
                new TierLimits(
                    row.getString("model"),
                    optional(row, "requests_per_minute"),
                    optional(row, "input_tokens_per_minute"),
                    optional(row, "output_tokens_per_minute"),
                    optional(row, "concurrent_requests")))
        .list();
  }

  private static OptionalLong optional(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private static @Nullable Long boxed(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  /** Makes a tier, or gives one new values; organisations that have it follow within a second. */
  public void put(Actor actor, Tier tier) {
    store.write(
        handle -> {
          upsert(handle, tier);
          handle.execute("DELETE FROM tier_limits WHERE tier_id = ?", tier.id());
          tier.limits().forEach(limits -> insert(handle, tier.id(), limits));
          ChangeLog.insert(
              handle,
              new Change(
                  "chg_" + store.ids().next(),
                  store.now(),
                  actor,
                  "tier.put",
                  tier.id(),
                  detail(tier)),
              null);
          return tier;
        });
  }

  private static String detail(Tier tier) {
    return "weight %d/1000, max running %s, %d limits by model"
        .formatted(
            tier.weightMilli(),
            tier.maxRunning().isPresent() ? tier.maxRunning().getAsLong() : "no cap",
            tier.limits().size());
  }

  private static void upsert(Handle handle, Tier tier) {
    handle
        .createUpdate(
            "INSERT INTO tiers (id, weight_milli, max_running, monthly_budget_micros)"
                + " VALUES (:id, :weight, :running, :budget)"
                + " ON CONFLICT (id) DO UPDATE SET weight_milli = excluded.weight_milli,"
                + " max_running = excluded.max_running,"
                + " monthly_budget_micros = excluded.monthly_budget_micros")
        .bind("id", tier.id())
        .bind("weight", tier.weightMilli())
        .bind("running", boxed(tier.maxRunning()))
        .bind("budget", boxed(tier.monthlyBudgetMicros()))
        .execute();
  }

  private static void insert(Handle handle, String tierId, TierLimits limits) {
    handle
        .createUpdate(
            "INSERT INTO tier_limits (tier_id, model, requests_per_minute,"
                + " input_tokens_per_minute, output_tokens_per_minute, concurrent_requests)"
                + " VALUES (:tier, :model, :requests, :input, :output, :concurrent)")
        .bind("tier", tierId)
        .bind("model", limits.model())
        .bind("requests", boxed(limits.requestsPerMinute()))
        .bind("input", boxed(limits.inputTokensPerMinute()))
        .bind("output", boxed(limits.outputTokensPerMinute()))
        .bind("concurrent", boxed(limits.concurrentRequests()))
        .execute();
  }
}
