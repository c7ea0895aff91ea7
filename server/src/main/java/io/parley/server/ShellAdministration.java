package io.parley.server;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.embedded.SqliteDatabase;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.administration.AdministrationLimits;
import io.parley.gateway.usage.UsageReports;
import io.parley.gateway.usage.journal.JournalLimits;
import io.parley.gateway.usage.journal.UsageJournal;
import io.parley.ports.data.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The administration of a data directory from outside of its server, which may be running: it does
 * not take the directory's lock, because the database keeps the two apart by itself, and the server
 * follows within a second. Owned by one thread.
 */
public final class ShellAdministration implements AutoCloseable {
  private final Path dataDirectory;
  private final Database database;
  private final Administration administration;

  private ShellAdministration(Path dataDirectory, Database database, TimeSource time) {
    this.dataDirectory = dataDirectory;
    this.database = database;
    this.administration =
        new Administration(database, time, new SecureRandom(), AdministrationLimits.DEFAULTS);
  }

  /**
   * Opens what a server has made.
   *
   * @throws ParleyException NOT_FOUND if no server ever ran there
   */
  public static ShellAdministration open(Path dataDirectory, TimeSource time) {
    Path file = DataDirectory.databaseIn(dataDirectory);
    if (!Files.exists(file)) {
      throw new ParleyException(
          ErrorCode.NOT_FOUND,
          "there is no database in %s: start the server once (./parley serve), or name its"
                  .formatted(dataDirectory)
              + " directory with --data");
    }
    return new ShellAdministration(dataDirectory, SqliteDatabase.open(file, 1), time);
  }

  public Administration administration() {
    return administration;
  }

  /**
   * What was used up to now if no server runs; of one that runs, up to a fraction of a second ago.
   */
  public UsageReports usage() {
    postWhatAServerLeft();
    return new UsageReports(database);
  }

  /** A server that was killed leaves events in its journal; one that runs posts them itself. */
  private void postWhatAServerLeft() {
    Path journal = DataDirectory.usageJournalIn(dataDirectory);
    if (Files.exists(journal)) {
      DataDirectory.openIfFree(dataDirectory).ifPresent(locked -> post(locked, journal));
    }
  }

  private void post(DataDirectory locked, Path journal) {
    try (locked) {
      UsageJournal.open(journal, database, JournalLimits.DEFAULTS, new SecureRandom()).close();
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
