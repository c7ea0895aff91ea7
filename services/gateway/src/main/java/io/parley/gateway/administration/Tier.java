package io.parley.gateway.administration;

import io.parley.common.ParleyException;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * What organisations are sold. The weight and the cap are the engine's terms from the next request
 * on; the limits are kept for what enforces them.
 *
 * @param id its name, such as {@code standard}
 * @param weightMilli thousandths of a share of the compute between organisations that have work;
 *     2,000 gets twice what 1,000 gets
 * @param maxRunning generations that one model runs at the same time; empty for no cap
 * @param monthlyBudgetMicros millionths of the currency of the price table; empty for no budget
 * @param limits by model, one entry a model at most
 */
public record Tier(
    String id,
    long weightMilli,
    OptionalLong maxRunning,
    OptionalLong monthlyBudgetMicros,
    List<TierLimits> limits) {
  /** The tier of an organisation for which nothing else is said. */
  public static final String STANDARD = "standard";

  /** The tier of the organisation that the first start makes: the owner of the machine. */
  public static final String UNLIMITED = "unlimited";

  /** A weight of 1,000 beside 1 is no share any more; above that something else is meant. */
  public static final long MAX_WEIGHT_MILLI = 1_000_000;

  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9_-]{0,39}");

  public Tier {
    limits = List.copyOf(limits);
    if (!ID.matcher(id).matches()) {
      throw ParleyException.invalid(
          "tier: must have 1 to 40 small letters, digits, - and _, and begin with a letter");
    }
    if (weightMilli < 1 || weightMilli > MAX_WEIGHT_MILLI) {
      throw ParleyException.invalid("weight: must be from 0.001 to 1000");
    }
    if (maxRunning.isPresent()
        && (maxRunning.getAsLong() < 1 || maxRunning.getAsLong() > Integer.MAX_VALUE)) {
      throw ParleyException.invalid("max_running: must be from 1 to " + Integer.MAX_VALUE);
    }
    if (monthlyBudgetMicros.isPresent() && monthlyBudgetMicros.getAsLong() < 0) {
      throw ParleyException.invalid("monthly_budget: must not be negative");
    }
  }
}
