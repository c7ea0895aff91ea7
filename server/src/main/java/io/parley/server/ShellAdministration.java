package io.parley.server;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.embedded.SqliteDatabase;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.administration.AdministrationLimits;
import io.parley.gateway.usage.UsageReports;
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
  private final Database database;
  private final Administration administration;

  private ShellAdministration(Database database, TimeSource time) {
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
    return new ShellAdministration(SqliteDatabase.open(file, 1), time);
  }

  public Administration administration() {
    return administration;
  }

  public UsageReports usage() {
    return new UsageReports(database);
  }

  @Override
  public void close() {
    database.close();
  }
}
