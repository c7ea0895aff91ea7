package io.parley.gateway.usage;

import io.parley.gateway.messages.Conclusion;
import io.parley.gateway.messages.Ledger;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Writes the event of a request into the rows in the transaction of all ledgers, for those requests
 * that need it; those of the others go by way of a journal. Thread-safe.
 *
 * <p>Billed once whatever happens, see {@link UsageRows}: a conclusion may be written again, by
 * this process or by the next one, after a commit of which nobody knows whether it happened.
 */
public final class UsageLedger implements Ledger {
  private final PriceTable prices;

  /**
   * @param prices must have one for every model that is served
   */
  public UsageLedger(PriceTable prices) {
    this.prices = prices;
  }

  @Override
  public void write(Handle transaction, Conclusion conclusion) {
    UsageRows.post(transaction, List.of(UsageEvent.of(conclusion, prices)));
  }
}
