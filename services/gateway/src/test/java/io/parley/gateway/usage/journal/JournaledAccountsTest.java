package io.parley.gateway.usage.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.embedded.SqliteDatabase;
import io.parley.gateway.Principal;
import io.parley.gateway.Scope;
import io.parley.gateway.messages.Accepted;
import io.parley.gateway.messages.Conclusion;
import io.parley.gateway.messages.Ledger;
import io.parley.gateway.usage.PriceFile;
import io.parley.ports.data.Database;
import io.parley.ports.model.Share;
import io.parley.ports.model.Usage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournaledAccountsTest {
  @TempDir Path directory;
  private final List<String> inTransactions = new ArrayList<>();

  @Test
  void onlyWhatAnotherLedgerIsConcernedWithTakesATransactionAndEverythingIsBilled() {
    try (Database database = SqliteDatabase.open(directory.resolve("usage.db"), 1)) {
      try (UsageJournal journal = open(database)) {
        JournaledAccounts accounts =
            new JournaledAccounts(
                journal, PriceFile.shipped(), List.of(new Keyed()), database, Runnable::run);
        assertThat(isWritten(accounts, "req_1")).isTrue();
        assertThat(isWritten(accounts, "keyed_2")).isTrue();
        assertThat(inTransactions).containsExactly("keyed_2");
      }
      List<String> billed =
          database.read(
              handle ->
                  handle
                      .createQuery("SELECT request_id FROM usage_events ORDER BY request_id")
                      .mapTo(String.class)
                      .list());
      assertThat(billed).containsExactly("keyed_2", "req_1");
    }
  }

  @Test
  void aJournalThatIsClosedTakesNothing() {
    try (Database database = SqliteDatabase.open(directory.resolve("usage.db"), 1)) {
      UsageJournal journal = open(database);
      journal.close();
      JournaledAccounts accounts =
          new JournaledAccounts(journal, PriceFile.shipped(), List.of(), database, Runnable::run);
      assertThat(isWritten(accounts, "req_1")).isFalse();
    }
  }

  private UsageJournal open(Database database) {
    return UsageJournal.open(
        directory.resolve("journal"), database, JournalLimits.DEFAULTS, new Random(1));
  }

  private static boolean isWritten(JournaledAccounts accounts, String requestId) {
    Principal principal =
        new Principal("org_1", Optional.empty(), "key_1", Set.of(Scope.MESSAGES), Share.EQUAL);
    Accepted accepted =
        new Accepted(
            requestId,
            "msg_" + requestId,
            principal,
            "parley-base",
            Optional.empty(),
            Accepted.STANDARD,
            Events.START.toEpochMilli());
    CompletableFuture<Boolean> written = new CompletableFuture<>();
    accounts.conclude(
        new Conclusion(
            accepted,
            new Conclusion.Outcome.Answered("end_turn"),
            new Usage(1, 2),
            0,
            OptionalLong.empty(),
            5),
        written::complete);
    return written.orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** Is concerned with some requests. */
  private final class Keyed implements Ledger {
    @Override
    public boolean concerns(Conclusion conclusion) {
      return conclusion.request().requestId().startsWith("keyed");
    }

    @Override
    public void write(Handle transaction, Conclusion conclusion) {
      inTransactions.add(conclusion.request().requestId());
    }
  }
}
