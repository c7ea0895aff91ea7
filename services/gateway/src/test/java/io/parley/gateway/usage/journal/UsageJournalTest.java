package io.parley.gateway.usage.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.embedded.SqliteDatabase;
import io.parley.gateway.usage.BucketWidth;
import io.parley.gateway.usage.UsageEvent;
import io.parley.gateway.usage.UsageQuery;
import io.parley.gateway.usage.UsageReports;
import io.parley.gateway.usage.UsageRows;
import io.parley.ports.data.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jdbi.v3.core.HandleCallback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is acknowledged is billed once, wherever a process dies and whatever the disk does. */
@SuppressWarnings("NullAway.Init") // set before each
class UsageJournalTest {
  private static final Duration NEVER = Duration.ofHours(1);

  /** Each event in a file of its own, posted as soon as can be. */
  private static final JournalLimits SMALL = limits(1_000, 1, Duration.ofNanos(1));

  @TempDir Path directory;
  private Database database;

  @BeforeEach
  void open() {
    database = SqliteDatabase.open(directory.resolve("usage.db"), 1);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static JournalLimits limits(long maxUnposted, long segmentBytes, Duration gathering) {
    return new JournalLimits(
        1_000, maxUnposted, segmentBytes, 3, gathering, Duration.ofSeconds(20));
  }

  private static JournalLimits lazy() {
    return limits(1_000, 1 << 20, NEVER);
  }

  private Path files() {
    return directory.resolve("journal");
  }

  private UsageJournal journal(Database rows, JournalLimits limits) {
    return UsageJournal.open(files(), rows, limits, new Random(1));
  }

  private static boolean isWritten(UsageJournal journal, UsageEvent event) {
    CompletableFuture<Boolean> written = new CompletableFuture<>();
    journal.append(event, written::complete);
    return written.orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static List<String> billed(Database database) {
    return database.read(
        handle ->
            handle
                .createQuery("SELECT request_id FROM usage_events ORDER BY request_id")
                .mapTo(String.class)
                .list());
  }

  private static long sum(Database database, String table) {
    return database.<Long, RuntimeException>read(
        handle ->
            handle
                .createQuery("SELECT coalesce(sum(output_tokens), 0) FROM " + table)
                .mapTo(Long.class)
                .one());
  }

  @Test
  void aReportHasWhatWasWrittenBeforeItWasAskedFor() {
    try (UsageJournal journal = journal(database, lazy())) {
      assertThat(isWritten(journal, Events.event("req_1", 7))).isTrue();
      UsageReports reports = new UsageReports(database, journal);
      UsageQuery all =
          UsageQuery.of(Events.START, Events.START.plusSeconds(3_600), BucketWidth.HOUR, Set.of());
      assertThat(reports.overall("org_1", all).getFirst().tokens().output()).isEqualTo(7);
      assertThat(isWritten(journal, Events.event("req_2", 5))).isTrue();
      assertThat(reports.overall("org_1", all).getFirst().tokens().output()).isEqualTo(12);
    }
  }

  @Test
  void closingPostsEverything() {
    try (UsageJournal journal = journal(database, lazy())) {
      for (int i = 0; i < 10; i++) {
        journal.append(Events.event("req_" + i, 1), written -> {});
      }
    }
    assertThat(billed(database)).hasSize(10);
  }

  @Test
  void aThreadThatIsSharedIsLeftRunning() throws Exception {
    try (ExecutorService shared = Executors.newSingleThreadExecutor()) {
      UsageJournal journal = UsageJournal.open(files(), database, lazy(), new Random(1), shared);
      assertThat(isWritten(journal, Events.event("req_1", 1))).isTrue();
      journal.close();
      assertThat(shared.submit(() -> "still there").get()).isEqualTo("still there");
    }
    assertThat(billed(database)).containsExactly("req_1");
  }

  @Test
  void anEventThatIsJournalledTwiceOrHasARowAlreadyCountsOnce() {
    database.write(
        handle -> {
          UsageRows.post(handle, List.of(Events.event("req_1", 7)));
          return true;
        });
    try (UsageJournal journal = journal(database, lazy())) {
      for (String id : List.of("req_1", "req_2", "req_2")) {
        assertThat(isWritten(journal, Events.event(id, 7))).isTrue();
      }
    }
    assertThat(billed(database)).containsExactly("req_1", "req_2");
    assertThat(sum(database, "usage_rollups")).isEqualTo(2 * 14); // by minute and by hour
  }

  @Test
  void filesThatArePostedAreDeletedAndTheNextProcessGoesOn() throws IOException {
    for (int process = 0; process < 3; process++) {
      try (UsageJournal journal = journal(database, SMALL)) {
        for (int i = 0; i < 5; i++) {
          assertThat(isWritten(journal, Events.event("req_" + process + i, 1))).isTrue();
        }
        journal.await();
      }
      assertThat(Segment.files(files())).hasSize(1);
    }
    assertThat(billed(database)).hasSize(15);
    assertThat(String.valueOf(Segment.files(files()).getFirst().getFileName())).contains("15");
  }

  @Test
  void aDatabaseThatTakesNothingStopsTheJournalAtItsLimitAndIsCaughtUpWithLater() {
    FaultyDatabase faulty = new FaultyDatabase(database);
    try (UsageJournal journal = journal(faulty, limits(3, 1 << 20, Duration.ofNanos(1)))) {
      faulty.dead = true;
      for (int i = 0; i < 3; i++) {
        assertThat(isWritten(journal, Events.event("req_" + i, 1))).isTrue();
      }
      assertThat(isWritten(journal, Events.event("req_3", 1))).isFalse();
      assertThat(billed(database)).isEmpty();
      faulty.dead = false;
      journal.await();
      assertThat(isWritten(journal, Events.event("req_4", 1))).isTrue();
    }
    assertThat(billed(database)).containsExactly("req_0", "req_1", "req_2", "req_4");
  }

  @Test
  void whatCannotBeWrittenIsToldAndTheNextMaySucceed() throws IOException {
    try (UsageJournal journal = journal(database, SMALL)) {
      assertThat(isWritten(journal, Events.event("req_1", 1))).isTrue();
      journal.await();
      Path away = directory.resolve("away");
      Files.move(files(), away);
      assertThat(isWritten(journal, Events.event("req_2", 1))).isFalse();
      Files.move(away, files());
      assertThat(isWritten(journal, Events.event("req_3", 1))).isTrue();
    }
    assertThat(billed(database)).containsExactly("req_1", "req_3");
  }

  @Test
  void aLastWriteThatIsTornIsCutOffWhereverItIsTorn() throws IOException {
    FaultyDatabase dead = new FaultyDatabase(database);
    try (UsageJournal journal = journal(dead, lazy())) {
      dead.dead = true;
      for (int i = 0; i < 5; i++) {
        assertThat(isWritten(journal, Events.event("req_" + i, 1))).isTrue();
      }
    }
    Path file = Segment.files(files()).getFirst();
    byte[] whole = Files.readAllBytes(file);
    int last = Segment.FRAME_BYTES + EventCodec.encode(Events.event("req_0", 1)).length;
    for (int missing = 0; missing <= last; missing++) {
      byte[] torn = Arrays.copyOf(whole, whole.length - missing);
      Files.write(file, torn);
      assertThat(JournalEnd.repair(files()).orElseThrow().last()).isEqualTo(missing == 0 ? 5 : 4);
      byte[] zeros = Arrays.copyOf(torn, whole.length + 100);
      Files.write(file, zeros);
      assertThat(JournalEnd.repair(files()).orElseThrow().last()).isEqualTo(missing == 0 ? 5 : 4);
      assertThat(Files.size(file)).isEqualTo(missing == 0 ? whole.length : whole.length - last);
    }
  }

  @Test
  void anOlderFileThatIsDamagedOrMissingIsRefused() throws IOException {
    FaultyDatabase dead = new FaultyDatabase(database);
    try (UsageJournal journal = journal(dead, SMALL)) {
      dead.dead = true;
      for (int i = 0; i < 3; i++) {
        assertThat(isWritten(journal, Events.event("req_" + i, 1))).isTrue();
      }
    }
    Path first = Segment.files(files()).getFirst();
    byte[] sound = Files.readAllBytes(first);
    byte[] damaged = sound.clone();
    damaged[damaged.length - 1] ^= 1;
    Files.write(first, damaged);
    refusesToOpen("damaged");
    Files.delete(first);
    refusesToOpen("begins with 2");
    Files.write(first, sound);
    Files.delete(Segment.files(files()).get(1));
    refusesToOpen("does not follow event 1");
    assertThat(billed(database)).isEmpty();
  }

  private void refusesToOpen(String why) {
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(() -> journal(database, SMALL).close())
        .withMessageContaining(why)
        .extracting(ParleyException::code)
        .isEqualTo(ErrorCode.CONFLICT);
  }

  @Test
  void aJournalThatIsOlderThanTheDatabaseIsBegunAnew() throws IOException {
    try (UsageJournal journal = journal(database, lazy())) {
      assertThat(isWritten(journal, Events.event("req_1", 1))).isTrue();
    }
    Path copy = directory.resolve("copy");
    copy(files(), copy);
    try (UsageJournal journal = journal(database, lazy())) {
      assertThat(isWritten(journal, Events.event("req_2", 1))).isTrue();
    }
    try (UsageJournal journal = UsageJournal.open(copy, database, lazy(), new Random(2))) {
      assertThat(isWritten(journal, Events.event("req_3", 1))).isTrue();
    }
    assertThat(billed(database)).containsExactly("req_1", "req_2", "req_3");
  }

  @Property(tries = 6)
  void whatWasAcknowledgedIsBilledOnceWhereverProcessesDie(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    Path base = Files.createTempDirectory("journal");
    Set<String> acknowledged = new HashSet<>();
    List<UsageEvent> all = new ArrayList<>();
    try (SqliteDatabase rows = SqliteDatabase.open(base.resolve("usage.db"), 1)) {
      Path files = base.resolve("0");
      for (int process = 1; process <= 4; process++) {
        FaultyDatabase faulty = new FaultyDatabase(rows);
        long segmentBytes = random.nextBoolean() ? 1 : 700;
        Duration gathering = Duration.ofNanos(1 + random.nextInt(3_000_000));
        JournalLimits limits = limits(1_000, segmentBytes, gathering);
        UsageJournal journal = UsageJournal.open(files, faulty, limits, random);
        for (int i = random.nextInt(30); i > 0; i--) {
          UsageEvent event = Events.random(random, "req_" + process + "_" + i);
          all.add(event);
          faulty.fault = Fault.values()[random.nextInt(Fault.values().length)];
          if (isWritten(journal, event)) {
            acknowledged.add(event.origin().requestId());
          }
        }
        // The process dies: the next one finds what is on the disk, and a write that was torn.
        faulty.dead = true;
        Path found = base.resolve(Integer.toString(process));
        copy(files, found);
        tear(found, random);
        journal.close();
        files = found;
      }
      UsageJournal.open(files, rows, SMALL, random).close();
      List<String> billed = billed(rows);
      assertThat(billed).doesNotHaveDuplicates().containsAll(acknowledged);
      assertThat(2 * sum(rows, "usage_events")).isEqualTo(sum(rows, "usage_rollups"));
      assertThat(sum(rows, "usage_events"))
          .isEqualTo(
              all.stream()
                  .filter(event -> billed.contains(event.origin().requestId()))
                  .mapToLong(event -> event.tokens().output())
                  .sum());
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : Segment.files(from)) {
      try {
        Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
      } catch (NoSuchFileException posted) {
        // deleted since it was listed, so its events have their rows
      }
    }
  }

  private static void tear(Path files, Random random) throws IOException {
    List<Path> all = Segment.files(files);
    if (!all.isEmpty() && random.nextBoolean()) {
      byte[] garbage = new byte[random.nextInt(40)];
      random.nextBytes(garbage);
      Files.write(all.getLast(), garbage, StandardOpenOption.APPEND);
    }
  }

  private enum Fault {
    NONE,
    BEFORE_COMMIT,
    AFTER_COMMIT
  }

  /** Loses a connection, so to speak, on one side of the commit or the other; or all of them. */
  private static final class FaultyDatabase implements Database {
    private final Database sound;
    private volatile Fault fault = Fault.NONE;
    private volatile boolean dead;

    FaultyDatabase(Database sound) {
      this.sound = sound;
    }

    @Override
    public <T, X extends Exception> T read(HandleCallback<T, X> work) throws X {
      return sound.read(work);
    }

    @Override
    public <T, X extends Exception> T write(HandleCallback<T, X> work) throws X {
      Fault now = fault;
      fault = Fault.NONE;
      if (dead || now == Fault.BEFORE_COMMIT) {
        throw new IllegalStateException("the database is gone");
      }
      T result = sound.write(work);
      if (now == Fault.AFTER_COMMIT) {
        throw new IllegalStateException("the connection broke after the commit");
      }
      return result;
    }

    @Override
    public void close() {}
  }
}
