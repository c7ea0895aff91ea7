package io.parley.gateway.usage.journal;

import io.parley.gateway.usage.UsageEvent;
import io.parley.gateway.usage.UsageRows;
import io.parley.ports.data.Database;
import java.util.List;

/** How far a journal is posted, as the database has it. Thread-safe; blocks. */
record PostedPosition(Database database, String journalId) {
  /** Number of the last event that is posted; 0 if none is. */
  long last() {
    return database.read(
        handle ->
            handle
                .createQuery("SELECT posted FROM usage_journals WHERE journal_id = :id")
                .bind("id", journalId)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L));
  }

  /**
   * Posts events and moves the position behind them, in one transaction. Of a commit of unknown
   * outcome nothing needs to be known: an event that is there is not added again.
   *
   * @param last number of the last of them
   */
  void post(List<UsageEvent> events, long last) {
    database.write(
        handle -> {
          UsageRows.post(handle, events);
          return handle
              .createUpdate(
                  "INSERT INTO usage_journals (journal_id, posted) VALUES (:id, :last)"
                      + " ON CONFLICT (journal_id) DO UPDATE SET posted = excluded.posted")
              .bind("id", journalId)
              .bind("last", last)
              .execute();
        });
  }
}
