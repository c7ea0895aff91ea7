package io.parley.embedded;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads on a few threads, each read in a transaction of its own. In WAL mode a reader sees the
 * state at its first statement whatever is committed meanwhile, and never waits for the writer.
 */
final class SnapshotReaders implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SnapshotReaders.class);

  private record Reader(Connection connection, Jdbi jdbi) {}

  private final DatabaseThreads threads;
  // As many as there are threads, so that a thread always finds one.
  private final BlockingQueue<Reader> idle;

  SnapshotReaders(SqliteFile file, int count, int maxWaiting) throws SQLException {
    threads = new DatabaseThreads("reads", count, maxWaiting);
    idle = new ArrayBlockingQueue<>(count);
    for (int i = 0; i < count; i++) {
      Connection connection = file.openForReading();
      Jdbi jdbi = Jdbi.create(connection);
      jdbi.getConfig(Handles.class).setForceEndTransactions(false);
      idle.add(new Reader(connection, jdbi));
    }
  }

  boolean runsOnThisThread() {
    return threads.areRunningThis();
  }

  <T, X extends Exception> T run(HandleCallback<T, X> callback) throws X {
    DatabaseWork<T, X> work = new DatabaseWork<>(callback);
    threads.execute(() -> read(work));
    return work.await();
  }

  private void read(DatabaseWork<?, ?> work) {
    if (!work.begin()) {
      return;
    }
    Reader reader = idle.remove();
    try {
      reader.connection.setAutoCommit(false);
      work.runWith(reader.jdbi);
    } catch (Throwable e) { // an Error is its caller's too; this thread serves others
      work.fail(e);
    } finally {
      endTransaction(reader);
      idle.add(reader);
    }
    work.succeed(); // after the snapshot is let go; does nothing if the work failed
  }

  private static void endTransaction(Reader reader) {
    try {
      reader.connection.setAutoCommit(true);
    } catch (SQLException e) {
      log.warn("ending a read failed", e);
    }
  }

  @Override
  public void close() {
    threads.close();
    idle.forEach(SnapshotReaders::closeQuietly);
  }

  private static void closeQuietly(Reader reader) {
    try {
      reader.connection.close();
    } catch (SQLException e) {
      log.warn("closing a connection failed", e);
    }
  }
}
