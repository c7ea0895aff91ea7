package io.parley.embedded;

import io.parley.ports.data.Database;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jdbi.v3.core.HandleCallback;

/**
 * The {@link Database} in one SQLite file.
 *
 * <p>One platform thread writes and commits in groups ({@link GroupCommitWriter}); a few platform
 * threads read ({@link SnapshotReaders}). A caller waits for its turn, at no cost if it is a
 * virtual thread. Work must not call {@code read} or {@code write} again: it would wait for the
 * thread that it runs on, and is refused with an {@link IllegalStateException}.
 *
 * <p>A caller that is interrupted before its work has begun gets a {@code ParleyException} and
 * nothing has happened; after that the interrupt is kept until the outcome is known. When a queue
 * is full the call fails with {@code OVERLOADED}. After {@link #close} calls fail with an {@link
 * IllegalStateException}; calls that were waiting then are still served.
 */
public final class SqliteDatabase implements Database {
  /** Writes that may wait; the next one is refused with {@code OVERLOADED}. */
  public static final int MAX_WAITING_WRITES = 4_096;

  /** Reads that may wait; the next one is refused with {@code OVERLOADED}. */
  public static final int MAX_WAITING_READS = 4_096;

  private final GroupCommitWriter writer;
  private final SnapshotReaders readers;

  private SqliteDatabase(GroupCommitWriter writer, SnapshotReaders readers) {
    this.writer = writer;
    this.readers = readers;
  }

  /**
   * Opens the file, makes it if it is not there, and runs the migrations that it lacks.
   *
   * @param readerThreads how many reads run at once, at least 1
   * @throws io.parley.common.ParleyException if the file cannot be opened, is no database, or was
   *     written by a newer version
   */
  public static SqliteDatabase open(Path file, int readerThreads) {
    SqliteFile sqlite = new SqliteFile(file);
    SchemaMigrations.run(sqlite);
    try {
      GroupCommitWriter writer = new GroupCommitWriter(sqlite, MAX_WAITING_WRITES);
      return new SqliteDatabase(
          writer, new SnapshotReaders(sqlite, readerThreads, MAX_WAITING_READS));
    } catch (SQLException e) {
      throw sqlite.unusable(e);
    }
  }

  @Override
  public <T, X extends Exception> T read(HandleCallback<T, X> work) throws X {
    refuseNesting();
    return readers.run(work);
  }

  @Override
  public <T, X extends Exception> T write(HandleCallback<T, X> work) throws X {
    refuseNesting();
    return writer.run(work);
  }

  private void refuseNesting() {
    if (writer.runsOnThisThread() || readers.runsOnThisThread()) {
      throw new IllegalStateException(
          "a read or write inside of another would wait for itself: use the handle that it has");
    }
  }

  /** Serves what is waiting, then writes the log back into the file and lets it go. */
  @Override
  public void close() {
    readers.close();
    writer.close();
  }
}
