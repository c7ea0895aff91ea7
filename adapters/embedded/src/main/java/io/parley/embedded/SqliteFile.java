package io.parley.embedded;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;

/** The database file and how its connections are set. Thread-safe; a connection is not. */
final class SqliteFile {
  /** How long a statement waits for another process that has the file locked. */
  private static final int BUSY_TIMEOUT_MS = 5_000;

  /** What a write-ahead log that once grew large is cut back to. */
  private static final int LOG_LIMIT_BYTES = 64 << 20;

  private final Path path;

  SqliteFile(Path path) {
    this.path = path;
  }

  Connection openForWriting() throws SQLException {
    return source(TransactionMode.IMMEDIATE).getConnection();
  }

  Connection openForReading() throws SQLException {
    Connection connection = source(TransactionMode.DEFERRED).getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA query_only = ON");
    }
    return connection;
  }

  DataSource source(TransactionMode mode) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    // FULL syncs the log at every commit, which is what "survives a power cut" takes.
    config.setSynchronous(SynchronousMode.FULL);
    config.setJournalSizeLimit(LOG_LIMIT_BYTES);
    config.enforceForeignKeys(true);
    config.setBusyTimeout(BUSY_TIMEOUT_MS);
    config.setTransactionMode(mode);
    config.setGetGeneratedKeys(false);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + path);
    return source;
  }

  ParleyException unusable(Exception cause) {
    String why = "the database " + path + " cannot be used: " + cause.getMessage();
    return new ParleyException(ErrorCode.API, why, cause);
  }
}
