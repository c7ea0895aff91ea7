package io.parley.gateway.messages;

import io.parley.ports.data.Database;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accounts whose ledgers write each conclusion in one transaction. Thread-safe. */
public final class SharedTransaction implements Accounts {
  private static final Logger log = LoggerFactory.getLogger(SharedTransaction.class);

  private final Database database;
  private final Executor threads;
  private final List<Ledger> ledgers;

  /**
   * @param threads may block
   */
  public SharedTransaction(Database database, Executor threads, List<Ledger> ledgers) {
    this.database = database;
    this.threads = threads;
    this.ledgers = List.copyOf(ledgers);
  }

  @Override
  public void conclude(Conclusion conclusion, Consumer<Boolean> then) {
    try {
      threads.execute(() -> then.accept(isWritten(conclusion)));
    } catch (RejectedExecutionException e) {
      log.error("request {} cannot be accounted for", conclusion.request().requestId(), e);
      then.accept(false);
    }
  }

  private boolean isWritten(Conclusion conclusion) {
    try {
      database.write(
          transaction -> {
            ledgers.forEach(ledger -> ledger.write(transaction, conclusion));
            return true;
          });
      return true;
    } catch (RuntimeException e) {
      log.error("request {} cannot be accounted for", conclusion.request().requestId(), e);
      return false;
    }
  }
}
