package io.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.parley.ports.data.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link Database} must do. An adapter's test extends it and says how to open one. */
public abstract class DatabaseContract {
  @TempDir Path directory;
  private Database database;

  /**
   * Opens the database that lives in a directory: the same directory, the same rows. It runs the
   * migrations under {@code db/migration}, of which the test ships at least one that makes the
   * table {@code migrated_marker} with {@code id ${key} PRIMARY KEY, size ${int64} NOT NULL, live
   * ${bool} NOT NULL, body ${blob}, facts ${json}}.
   */
  protected abstract Database open(Path directory);

  @BeforeEach
  void openOne() {
    database = open(directory);
    database.write(
        handle -> handle.execute("CREATE TABLE entry (id BIGINT PRIMARY KEY, text TEXT)"));
  }

  @AfterEach
  void closeIt() {
    database.close();
  }

  @Test
  void runsTheMigrationsBeforeTheFirstCall() {
    assertThat(count("migrated_marker")).isZero();
  }

  @Test
  void keepsAllChangesOfAWrite() {
    database.write(
        handle -> {
          insert(handle, 1);
          return insert(handle, 2);
        });
    assertThat(ids()).containsExactly(1L, 2L);
  }

  @Test
  void keepsNothingOfAWriteThatThrowsAndThrowsTheSame() {
    IOException thrown = new IOException("on purpose");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                database.<Void, IOException>write(
                    handle -> {
                      insert(handle, 1);
                      throw thrown;
                    }))
        .isSameAs(thrown);
    assertThat(ids()).isEmpty();
  }

  @Test
  void keepsNothingOfAWriteThatBreaksAConstraint() {
    database.write(handle -> insert(handle, 1));
    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(
            () ->
                database.write(
                    handle -> {
                      insert(handle, 2);
                      return insert(handle, 1);
                    }));
    assertThat(ids()).containsExactly(1L);
  }

  @Test
  void goesOnAfterAnErrorInTheWork() {
    assertThatExceptionOfType(StackOverflowError.class)
        .isThrownBy(
            () ->
                database.write(
                    handle -> {
                      throw new StackOverflowError("on purpose");
                    }));
    database.write(handle -> insert(handle, 1));
    assertThat(ids()).containsExactly(1L);
  }

  @Test
  void joinsATransactionThatTheWorkAsksFor() {
    database.write(handle -> handle.inTransaction(inner -> insert(inner, 1)));
    assertThat(ids()).containsExactly(1L);
  }

  @Test
  void seesItsOwnWriteWithinAndAfter() {
    long within =
        database.write(
            handle -> {
              insert(handle, 7);
              return countIn(handle, "entry");
            });
    assertThat(within).isEqualTo(1);
    assertThat(count("entry")).isEqualTo(1);
  }

  @Test
  void readsOneSnapshotWhateverIsWrittenMeanwhile() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch written = new CountDownLatch(1);
      Future<List<Long>> counts =
          threads.submit(
              () ->
                  database.<List<Long>, InterruptedException>read(
                      handle -> {
                        long before = countIn(handle, "entry");
                        begun.countDown();
                        written.await();
                        return List.of(before, countIn(handle, "entry"));
                      }));
      begun.await();
      database.write(handle -> insert(handle, 1));
      written.countDown();
      assertThat(counts.get()).containsExactly(0L, 0L);
    }
    assertThat(count("entry")).isEqualTo(1);
  }

  @Test
  void refusesToWriteInARead() {
    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(() -> database.read(handle -> insert(handle, 1)));
    assertThat(ids()).isEmpty();
  }

  @Test
  void refusesNestedCallsRatherThanWaitForItself() {
    assertThatIllegalStateException()
        .isThrownBy(() -> database.write(handle -> database.write(inner -> insert(inner, 1))));
    assertThat(ids()).isEmpty();
  }

  /** Pages of a list go by ids, so every engine must put them into the same order. */
  @Test
  void comparesKeysByTheirBytes() {
    for (String id : List.of("b", "A", "_", "a_1", "Z", "a")) {
      database.write(handle -> mark(handle, id, 1));
    }
    assertThat(
            database.<List<String>, RuntimeException>read(
                handle ->
                    handle
                        .createQuery("SELECT id FROM migrated_marker WHERE id > 'A' ORDER BY id")
                        .mapTo(String.class)
                        .list()))
        .containsExactly("Z", "_", "a", "a_1", "b");
  }

  @Test
  void insertsOrReplacesInOneStatement() {
    database.write(handle -> mark(handle, "one", 1));
    database.write(handle -> mark(handle, "one", 2));
    assertThat(
            database.<Long, RuntimeException>read(
                handle ->
                    handle
                        .createQuery("SELECT size FROM migrated_marker WHERE facts IS NULL")
                        .mapTo(Long.class)
                        .one()))
        .isEqualTo(2);
  }

  @Test
  void refusesARowThatRefersToNone() {
    database.write(
        handle ->
            handle.execute("CREATE TABLE child (parent BIGINT NOT NULL REFERENCES entry (id))"));
    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(() -> database.write(handle -> handle.execute("INSERT INTO child VALUES (7)")));
    database.write(handle -> insert(handle, 7));
    database.write(handle -> handle.execute("INSERT INTO child VALUES (7)"));
    assertThat(count("child")).isEqualTo(1);
  }

  @Test
  void losesNothingOfManyWritersAtOnce() throws Exception {
    int writers = 200;
    int each = 5;
    inParallel(
        IntStream.range(0, writers)
            .<Callable<Void>>mapToObj(
                writer ->
                    () -> {
                      for (int i = 0; i < each; i++) {
                        long id = (long) writer * each + i;
                        database.write(handle -> insert(handle, id));
                      }
                      return null;
                    })
            .toList());
    assertThat(ids())
        .containsExactlyElementsOf(LongStream.range(0, (long) writers * each).boxed().toList());
  }

  @Test
  void isSerializableForReadThenWrite() throws Exception {
    database.write(handle -> insert(handle, 1));
    List<Callable<Integer>> increments = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      increments.add(
          () ->
              database.write(
                  handle -> {
                    long seen = Long.parseLong(text(handle));
                    return handle.execute("UPDATE entry SET text = ?", Long.toString(seen + 1));
                  }));
    }
    database.write(handle -> handle.execute("UPDATE entry SET text = '0'"));
    inParallel(increments);
    assertThat(database.<String, RuntimeException>read(DatabaseContract::text)).isEqualTo("100");
  }

  @Test
  void undoesOnlyTheFailingOnesOfManyWritersAtOnce() throws Exception {
    inParallel(
        IntStream.range(0, 200)
            .<Callable<Void>>mapToObj(
                id ->
                    () -> {
                      insertOrThrow(id, id % 3 == 0);
                      return null;
                    })
            .toList());
    assertThat(ids())
        .containsExactlyElementsOf(
            LongStream.range(0, 200).filter(id -> id % 3 != 0).boxed().toList());
  }

  @Test
  void hasItsRowsAfterItWasClosedAndOpenedAgain() {
    database.write(handle -> insert(handle, 1));
    database.close();
    database = open(directory);
    assertThat(ids()).containsExactly(1L);
  }

  @Test
  void refusesCallsAfterClose() {
    database.close();
    assertThatIllegalStateException().isThrownBy(() -> count("entry"));
    assertThatIllegalStateException().isThrownBy(() -> database.write(handle -> insert(handle, 1)));
  }

  @Test
  void closesTwiceInPeace() {
    database.close();
    database.close();
    database = open(directory);
    assertThat(ids()).isEmpty();
  }

  private void insertOrThrow(long id, boolean fails) {
    try {
      database.write(
          handle -> {
            insert(handle, id);
            if (fails) {
              throw new ArithmeticException("on purpose");
            }
            return null;
          });
    } catch (ArithmeticException expected) {
      assertThat(fails).isTrue();
    }
  }

  private static void inParallel(List<? extends Callable<?>> work) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<?> future : work.stream().map(threads::submit).toList()) {
        future.get();
      }
    }
  }

  private List<Long> ids() {
    return database.read(
        handle -> handle.createQuery("SELECT id FROM entry ORDER BY id").mapTo(Long.class).list());
  }

  private long count(String table) {
    return database.read(handle -> countIn(handle, table));
  }

  private static long countIn(Handle handle, String table) {
    return handle.createQuery("SELECT count(*) FROM " + table).mapTo(Long.class).one();
  }

  private static String text(Handle handle) {
    return handle.createQuery("SELECT text FROM entry").mapTo(String.class).one();
  }

  /** With nulls of two types, which an engine may have to be told. */
  private static int mark(Handle handle, String id, long size) {
    return handle
        .createUpdate(
            "INSERT INTO migrated_marker (id, size, live, body, facts)"
                + " VALUES (:id, :size, :live, :body, :facts)"
                + " ON CONFLICT (id) DO UPDATE SET size = excluded.size")
        .bind("id", id)
        .bind("size", size)
        .bind("live", true)
        .bind("body", (byte[]) null)
        .bind("facts", (String) null)
        .execute();
  }

  private static int insert(Handle handle, long id) {
    return handle.execute("INSERT INTO entry (id, text) VALUES (?, ?)", id, "text of " + id);
  }
}
