package io.parley.server.cli;

import io.parley.common.ParleyException;
import io.parley.gateway.administration.AdminJson;
import io.parley.gateway.administration.Tier;
import io.parley.gateway.administration.TierLimits;
import io.parley.gateway.administration.Tiers;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What organisations are sold. */
@Command(
    name = "tiers",
    mixinStandardHelpOptions = true,
    description = {
      "What organisations are sold. A change counts for every request that comes a second later."
    })
final class TiersCommand {
  private final AdminShell shell;

  TiersCommand(AdminShell shell) {
    this.shell = shell;
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists all tiers.")
  int list(@Mixin AdminOptions options) {
    return shell.run(
        options,
        (administration, answer) ->
            answer.list(
                administration.tiers().list(),
                AdminJson::tier,
                List.of("tier", "weight", "running", "budget/month", "limits a minute"),
                TiersCommand::row));
  }

  private static List<String> row(Tier tier) {
    return List.of(
        tier.id(),
        BigDecimal.valueOf(tier.weightMilli(), 3).stripTrailingZeros().toPlainString(),
        shown(tier.maxRunning()),
        tier.monthlyBudgetMicros().isPresent()
            ? BigDecimal.valueOf(tier.monthlyBudgetMicros().getAsLong(), 6)
                .stripTrailingZeros()
                .toPlainString()
            : "none",
        String.join("; ", tier.limits().stream().map(TiersCommand::shown).toList()));
  }

  private static String shown(TierLimits limits) {
    return "%s: %s requests, %s in, %s out, %s at once"
        .formatted(
            limits.model(),
            shown(limits.requestsPerMinute()),
            shown(limits.inputTokensPerMinute()),
            shown(limits.outputTokensPerMinute()),
            shown(limits.concurrentRequests()));
  }

  private static String shown(OptionalLong limit) {
    return limit.isPresent() ? Long.toString(limit.getAsLong()) : "any";
  }

  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description =
          "Makes a tier, or changes one; what is not named stays. N and AMOUNT may be 'none'.")
  int set(
      @Mixin AdminOptions options,
      @Parameters(paramLabel = "TIER", description = "Name of the tier.") String id,
      @Option(
              names = "--weight",
              paramLabel = "W",
              description = "Share of the compute beside other organisations, 0.001 to 1000.")
          @Nullable BigDecimal weight,
      @Option(
              names = "--max-running",
              paramLabel = "N",
              description = "Generations that one model runs at once.")
          @Nullable String maxRunning,
      @Option(
              names = "--budget",
              paramLabel = "AMOUNT",
              description = "What may be spent a month (UTC), in the currency of the prices.")
          @Nullable String budget,
      @Option(
              names = "--model",
              paramLabel = "MODEL",
              description = "Model of the limits below (default: every one).",
              defaultValue = TierLimits.EVERY_MODEL)
          String model,
      @Option(names = "--requests", paramLabel = "N", description = "Requests a minute.")
          @Nullable String requests,
      @Option(names = "--input", paramLabel = "N", description = "Tokens of prompts a minute.")
          @Nullable String input,
      @Option(names = "--output", paramLabel = "N", description = "Generated tokens a minute.")
          @Nullable String output,
      @Option(names = "--concurrent", paramLabel = "N", description = "Requests at once.")
          @Nullable String concurrent) {
    return shell.run(
        options,
        (administration, answer) -> {
          Tier old = existing(administration.tiers(), id);
          TierLimits before = limitsOf(old, model);
          TierLimits after =
              new TierLimits(
                  model,
                  limit("--requests", requests, before.requestsPerMinute()),
                  limit("--input", input, before.inputTokensPerMinute()),
                  limit("--output", output, before.outputTokensPerMinute()),
                  limit("--concurrent", concurrent, before.concurrentRequests()));
          Tier changed =
              new Tier(
                  id,
                  weight == null ? old.weightMilli() : milli(weight),
                  limit("--max-running", maxRunning, old.maxRunning()),
                  micros(budget, old.monthlyBudgetMicros()),
                  with(old.limits(), after));
          administration.tiers().put(shell.actor(), changed);
          answer.one(changed, AdminJson::tier, String.join("  ", row(changed)));
        });
  }

  private static Tier existing(Tiers tiers, String id) {
    return tiers.list().stream()
        .filter(tier -> tier.id().equals(id))
        .findFirst()
        .orElseGet(
            () -> new Tier(id, 1_000, OptionalLong.empty(), OptionalLong.empty(), List.of()));
  }

  private static TierLimits limitsOf(Tier tier, String model) {
    return tier.limits().stream()
        .filter(limits -> limits.model().equals(model))
        .findFirst()
        .orElseGet(
            () ->
                new TierLimits(
                    model,
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty()));
  }

  private static List<TierLimits> with(List<TierLimits> limits, TierLimits changed) {
    List<TierLimits> all = new ArrayList<>(limits);
    all.removeIf(each -> each.model().equals(changed.model()));
    if (!changed.isEmpty()) {
      all.add(changed);
    }
    return all;
  }

  private static OptionalLong limit(String option, @Nullable String text, OptionalLong before) {
    if (text == null) {
      return before;
    }
    if (text.equals("none")) {
      return OptionalLong.empty();
    }
    if (!text.matches("[1-9][0-9]{0,14}")) {
      throw ParleyException.invalid(option + ": must be a number of at least 1, or none");
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  private static OptionalLong micros(@Nullable String text, OptionalLong before) {
    if (text == null) {
      return before;
    }
    if (text.equals("none")) {
      return OptionalLong.empty();
    }
    if (!text.matches("[0-9]{1,10}(\\.[0-9]{1,6})?")) {
      throw ParleyException.invalid(
          "--budget: must be an amount with at most six decimals, such as 25.50, or none");
    }
    return OptionalLong.of(new BigDecimal(text).movePointRight(6).longValueExact());
  }

  private static long milli(BigDecimal weight) {
    try {
      return weight.movePointRight(3).longValueExact();
    } catch (ArithmeticException e) {
      throw ParleyException.invalid("--weight: must have at most three decimals");
    }
  }
}
