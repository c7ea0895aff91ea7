package io.parley.gateway.limits;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.gateway.limits.BudgetAccount.Verdict;
import io.parley.gateway.messages.Conclusion;
import io.parley.gateway.messages.Hold;
import io.parley.ports.ephemeral.EphemeralStore;
import io.parley.ports.ephemeral.Update;
import io.parley.ports.model.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The budgets of organisations by month (UTC), kept in a store that replicas may share. A request
 * belongs to the month in which it came. What the store does not know it learns from what is
 * written down. Thread-safe; may block.
 */
final class Budgets {
  /** Longer than any request runs: money that is held must not be free again before it is spent. */
  static final Duration HOLD = Duration.ofHours(24);

  /** After a month nobody asks for it any more. */
  private static final Duration KEPT = Duration.ofDays(32);

  /**
   * What came of a request for money.
   *
   * @param verdict empty if the store does not know what is spent
   */
  private record Reply(Optional<Verdict> verdict, long spentMicros) {}

  private final EphemeralStore store;
  private final Prices prices;
  private final Spend spend;
  private final TimeSource time;
  private final Refusals refusals;

  Budgets(EphemeralStore store, Prices prices, Spend spend, TimeSource time, Refusals refusals) {
    this.store = store;
    this.prices = prices;
    this.spend = spend;
    this.time = time;
    this.refusals = refusals;
  }

  /**
   * Holds what a request may cost.
   *
   * @throws ParleyException BILLING if what is spent leaves too little, RATE_LIMIT if only others
   *     that are under way do
   */
  Hold take(Request request, long budgetMicros) {
    Account account = new Account(request);
    Reply reply = account.reserve(Optional.empty(), budgetMicros);
    if (reply.verdict.isEmpty()) {
      long spent = spend.micros(request.organisationId(), account.month);
      reply = account.reserve(Optional.of(spent), budgetMicros);
    }
    return switch (reply.verdict.orElseThrow()) {
      case HELD -> account;
      case USED_UP -> {
        refusals.by(Refusals.BUDGET);
        throw usedUp(account, budgetMicros - reply.spentMicros, budgetMicros);
      }
      case TAKEN -> {
        refusals.by(Refusals.BUDGET_HELD);
        throw taken(budgetMicros);
      }
    };
  }

  private static ParleyException usedUp(Account account, long leftMicros, long budgetMicros) {
    return new ParleyException(
        ErrorCode.BILLING,
        "Of your organization's monthly budget of %s, %s is left until %s, and this request may cost %s"
            .formatted(
                amount(budgetMicros),
                amount(Math.max(0, leftMicros)),
                account.month.plusMonths(1).atDay(1),
                amount(account.mostMicros)));
  }

  private static ParleyException taken(long budgetMicros) {
    return ParleyException.rateLimited(
        "What is left of your organization's monthly budget of %s is held by requests under way"
            .formatted(amount(budgetMicros)),
        ModelAccount.UNKNOWN_WAIT_MS);
  }

  private static String amount(long micros) {
    return BigDecimal.valueOf(micros, 6).stripTrailingZeros().toPlainString();
  }

  static String key(String organisationId, YearMonth month) {
    return "budget/" + organisationId + "/" + month;
  }

  /** One request's part in the account of its organisation and month. */
  private final class Account implements Hold {
    private final Request request;
    private final YearMonth month;
    private final String key;
    private final long mostMicros;

    Account(Request request) {
      this.request = request;
      this.month = YearMonth.from(request.at().atOffset(ZoneOffset.UTC));
      this.key = key(request.organisationId(), month);
      this.mostMicros = most(request.inputTokens(), request.outputTokens());
    }

    /**
     * @param spent what is known to be spent, for the case that the store does not know
     */
    Reply reserve(Optional<Long> spent, long budgetMicros) {
      long now = now();
      return store.update(
          key,
          state -> {
            Optional<BudgetAccount> known =
                BudgetAccount.open(state, now)
                    .or(() -> spent.map(micros -> BudgetAccount.begin(micros, now)));
            return known
                .map(account -> reserve(account, budgetMicros))
                .orElseGet(() -> Update.keep(new Reply(Optional.empty(), 0)));
          });
    }

    private Update<Reply> reserve(BudgetAccount account, long budgetMicros) {
      Verdict verdict = account.reserve(request.id(), mostMicros, budgetMicros, HOLD.toMillis());
      return Update.put(
          account.bytes(), KEPT, new Reply(Optional.of(verdict), account.spentMicros()));
    }

    @Override
    public void started(Usage prompt) {
      long most = micros(prompt.withOutput(request.outputTokens(prompt)));
      change(account -> account.correct(request.id(), most));
    }

    @Override
    public void settle(Usage usage, Conclusion.Outcome outcome) {
      // As the bill has it: nobody pays for an answer that failed.
      long cost = outcome instanceof Conclusion.Outcome.Failed ? 0 : micros(usage);
      change(account -> account.settle(request.id(), cost));
    }

    @Override
    public void release() {
      change(account -> account.release(request.id()));
    }

    /** A store that forgot the month learns it anew from what is written down, at the next one. */
    private void change(Consumer<BudgetAccount> step) {
      long now = now();
      store.update(
          key,
          state -> {
            Optional<BudgetAccount> known = BudgetAccount.open(state, now);
            known.ifPresent(step);
            return known
                .map(account -> Update.put(account.bytes(), KEPT, true))
                .orElseGet(() -> Update.keep(false));
          });
    }

    private long now() {
      return time.now().toEpochMilli();
    }

    /** Writing a prompt into the cache may cost more than reading it plainly. */
    private long most(int input, int output) {
      Usage plain = new Usage(input, output);
      Usage cached = new Usage(0, output, input, 0);
      return Math.max(micros(plain), micros(cached));
    }

    private long micros(Usage usage) {
      return prices.micros(request.accepted(), usage);
    }
  }
}
