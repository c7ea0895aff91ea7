package io.parley.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.data.Database;
import io.parley.testkit.DatabaseContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteDatabaseTest extends DatabaseContract {
  @Override
  protected Database open(Path directory) {
    return SqliteDatabase.open(directory.resolve("test.db"), 2);
  }

  @Test
  void syncsEveryCommitAndChecksForeignKeys(@TempDir Path directory) {
    try (Database database = open(directory)) {
      assertThat(database.<String, RuntimeException>write(h -> pragma(h, "journal_mode")))
          .isEqualTo("wal");
      assertThat(database.<String, RuntimeException>write(h -> pragma(h, "synchronous")))
          .isEqualTo("2");
      assertThat(database.<String, RuntimeException>write(h -> pragma(h, "foreign_keys")))
          .isEqualTo("1");
    }
  }

  @Test
  void refusesAFileThatIsNoDatabase(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("test.db"), "not a database".repeat(100));
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(() -> SqliteDatabase.open(file, 1))
        .withMessageContaining("test.db");
  }

  @Test
  void refusesASchemaOfANewerVersion(@TempDir Path directory) {
    try (Database database = open(directory)) {
      database.write(
          handle ->
              handle.execute(
                  "INSERT INTO flyway_schema_history (installed_rank, version, description, type,"
                      + " script, checksum, installed_by, execution_time, success) VALUES (99,"
                      + " '999999', 'future', 'SQL', 'V999999__future.sql', 1, '', 1, 1)"));
      // As a newer version would have left it: its scripts have another fingerprint.
      database.write(handle -> handle.execute("PRAGMA user_version = 1"));
    }
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(() -> open(directory))
        .withMessageContaining("999999");
  }

  @Test
  void withdrawsAWriteWhoseCallerIsInterruptedBeforeItBegins(@TempDir Path directory)
      throws Exception {
    try (Database database = open(directory);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch busy = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      var blocker =
          threads.submit(
              () ->
                  database.<Void, InterruptedException>write(
                      handle -> {
                        busy.countDown();
                        release.await();
                        return null;
                      }));
      busy.await();
      AtomicReference<RuntimeException> seen = new AtomicReference<>();
      Thread caller =
          Thread.ofVirtual()
              .start(
                  () -> {
                    Thread.currentThread().interrupt();
                    try {
                      database.write(handle -> handle.execute("CREATE TABLE never (id INTEGER)"));
                    } catch (RuntimeException e) {
                      seen.set(e);
                    }
                  });
      caller.join();
      release.countDown();
      blocker.get();
      assertThat(seen.get())
          .isInstanceOf(ParleyException.class)
          .hasMessageContaining("interrupted");
      assertThat(tables(database, "never")).isZero();
    }
  }

  @Test
  void refusesWritesBeyondTheLimitOfItsQueue(@TempDir Path directory) throws Exception {
    try (GroupCommitWriter writer =
            new GroupCommitWriter(new SqliteFile(directory.resolve("test.db")), 1);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch busy = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      var blocker =
          threads.submit(
              () ->
                  writer.<Void, InterruptedException>run(
                      handle -> {
                        busy.countDown();
                        release.await();
                        return null;
                      }));
      busy.await();
      // One more may wait; its caller shows up in the queue or is refused, and so is one of two.
      AtomicReference<ParleyException> refused = new AtomicReference<>();
      CountDownLatch one = new CountDownLatch(1);
      for (int i = 0; i < 2; i++) {
        threads.execute(
            () -> {
              try {
                writer.run(handle -> handle.execute("SELECT 1"));
              } catch (ParleyException e) {
                refused.set(e);
                one.countDown();
              }
            });
      }
      one.await();
      release.countDown();
      blocker.get();
      assertThat(refused.get().code()).isEqualTo(ErrorCode.OVERLOADED);
    }
  }

  @Test
  void failsTheWholeGroupAndRecoversWhenAWriteEndsTheTransaction(@TempDir Path directory) {
    try (Database database = open(directory)) {
      assertThatExceptionOfType(ParleyException.class)
          .isThrownBy(() -> database.write(handle -> handle.execute("ROLLBACK")));
      database.write(handle -> handle.execute("CREATE TABLE afterwards (id INTEGER)"));
      assertThat(tables(database, "afterwards")).isEqualTo(1);
    }
  }

  private static long tables(Database database, String name) {
    return database.read(
        handle ->
            handle
                .createQuery("SELECT count(*) FROM sqlite_master WHERE name = ?")
                .bind(0, name)
                .mapTo(Long.class)
                .one());
  }

  private static String pragma(Handle handle, String name) {
    return handle.createQuery("PRAGMA " + name).mapTo(String.class).one();
  }
}
