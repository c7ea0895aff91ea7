package io.parley.gateway.usage.journal;

import io.parley.gateway.messages.Accounts;
import io.parley.gateway.messages.Conclusion;
import io.parley.gateway.messages.Ledger;
import io.parley.gateway.messages.SharedTransaction;
import io.parley.gateway.usage.PriceTable;
import io.parley.gateway.usage.UsageEvent;
import io.parley.gateway.usage.UsageLedger;
import io.parley.ports.data.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accounts of which most are a usage event alone, and go into the journal. Where another ledger is
 * concerned, such as that of idempotency keys, all that there is to write has to be written
 * together, so it is one transaction of the database. Thread-safe.
 */
public final class JournaledAccounts implements Accounts {
  private static final Logger log = LoggerFactory.getLogger(JournaledAccounts.class);

  private final UsageJournal journal;
  private final PriceTable prices;
  private final List<Ledger> others;
  private final Accounts transactions;

  /**
   * @param prices must have one for every model that is served
   * @param others what may have to be written together with a usage event
   * @param threads may block
   */
  public JournaledAccounts(
      UsageJournal journal,
      PriceTable prices,
      List<Ledger> others,
      Database database,
      Executor threads) {
    this.journal = journal;
    this.prices = prices;
    this.others = List.copyOf(others);
    List<Ledger> all = new ArrayList<>();
    all.add(new UsageLedger(prices));
    all.addAll(others);
    this.transactions = new SharedTransaction(database, threads, all);
  }

  @Override
  public void conclude(Conclusion conclusion, Consumer<Boolean> then) {
    if (others.stream().anyMatch(ledger -> ledger.concerns(conclusion))) {
      transactions.conclude(conclusion, then);
    } else {
      journal(conclusion, then);
    }
  }

  private void journal(Conclusion conclusion, Consumer<Boolean> then) {
    UsageEvent event;
    try {
      event = UsageEvent.of(conclusion, prices);
    } catch (RuntimeException e) {
      log.error("request {} cannot be accounted for", conclusion.request().requestId(), e);
      then.accept(false);
      return;
    }
    journal.append(event, then);
  }
}
