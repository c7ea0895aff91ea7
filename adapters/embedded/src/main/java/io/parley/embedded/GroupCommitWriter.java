package io.parley.embedded;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes on one thread; whatever has queued up while a commit synced the disk goes into the next
 * commit together, so that a hundred waiting writers pay for one sync.
 *
 * <p>Each write of a group runs inside a savepoint: one that throws is undone alone. It may see the
 * writes before it, which a serial order allows, and is acknowledged only after the commit of all.
 * If that commit fails, all of the group fail and none has happened.
 */
final class GroupCommitWriter implements AutoCloseable {
  /** Writes in one commit at most. */
  static final int MAX_GROUP = 256;

  private static final Logger log = LoggerFactory.getLogger(GroupCommitWriter.class);

  private final SqliteFile file;
  private final DatabaseThreads thread;
  // Both belong to the writer's thread once it runs.
  private Connection connection;
  private Jdbi jdbi;

  GroupCommitWriter(SqliteFile file, int maxWaiting) throws SQLException {
    this.file = file;
    connection = file.openForWriting();
    jdbi = on(connection);
    thread = new DatabaseThreads("writes", 1, maxWaiting);
  }

  private static Jdbi on(Connection connection) {
    Jdbi jdbi = Jdbi.create(connection);
    // The transaction is the group's, so a handle that is closed inside of one is no mistake.
    jdbi.getConfig(Handles.class).setForceEndTransactions(false);
    return jdbi;
  }

  boolean runsOnThisThread() {
    return thread.areRunningThis();
  }

  <T, X extends Exception> T run(HandleCallback<T, X> callback) throws X {
    DatabaseWork<T, X> work = new DatabaseWork<>(callback);
    thread.execute(new GroupLeader(work));
    return work.await();
  }

  /** A queued write: the first to be reached takes those behind it along. */
  private final class GroupLeader implements Runnable {
    private final DatabaseWork<?, ?> work;

    GroupLeader(DatabaseWork<?, ?> work) {
      this.work = work;
    }

    @Override
    public void run() {
      List<Runnable> group = new ArrayList<>();
      group.add(this);
      thread.drainTo(group, MAX_GROUP - 1);
      commit(group.stream().<DatabaseWork<?, ?>>map(each -> ((GroupLeader) each).work).toList());
    }
  }

  private void commit(List<DatabaseWork<?, ?>> group) {
    List<DatabaseWork<?, ?>> done = new ArrayList<>(group.size());
    try {
      connection.setAutoCommit(false); // BEGIN IMMEDIATE
      for (DatabaseWork<?, ?> work : group) {
        if (work.begin() && succeeds(work)) {
          done.add(work);
        }
      }
      connection.commit();
      connection.setAutoCommit(true);
      done.forEach(DatabaseWork::succeed);
    } catch (SQLException | RuntimeException e) {
      log.error("a group of {} writes failed", group.size(), e);
      group.forEach(work -> work.fail(file.unusable(e))); // does nothing to those already settled
      reconnect();
    }
  }

  /** Does one write; if it throws, undoes it alone and settles it. */
  private boolean succeeds(DatabaseWork<?, ?> work) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      work.runWith(jdbi);
    } catch (Throwable e) { // an Error is its caller's too; this thread serves others
      connection.rollback(before);
      work.fail(e);
      return false;
    } finally {
      connection.releaseSavepoint(before);
    }
    return true;
  }

  /** After a failed commit the state of the connection is not worth guessing. */
  private void reconnect() {
    closeQuietly();
    try {
      connection = file.openForWriting();
      jdbi = on(connection);
    } catch (SQLException e) {
      log.error("the database cannot be opened again; writes fail until it can", e);
    }
  }

  private void closeQuietly() {
    try {
      connection.close();
    } catch (SQLException e) {
      log.warn("closing the connection of the writer failed", e);
    }
  }

  @Override
  public void close() {
    thread.close();
    closeQuietly();
  }
}
