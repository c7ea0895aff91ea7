package io.parley.safety.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.ParleyException;
import io.parley.testkit.VirtualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAuditLogTest {
  private final VirtualTime time = new VirtualTime();
  private final SecureRandom random = new SecureRandom();

  @TempDir Path home;

  @Test
  void whatIsWrittenIsReadInOrder() {
    List<AuditEntry> written = write(5);
    assertThat(read()).isEqualTo(written);
    AuditReport report = verify();
    assertThat(report.isSound()).isTrue();
    assertThat(report.entries()).isEqualTo(5);
    assertThat(report.end().seq()).isEqualTo(5);
  }

  @Test
  void aLogWithoutAnEntryIsSound() {
    write(0);
    assertThat(verify().isSound()).isTrue();
    assertThat(verify().entries()).isZero();
  }

  @Test
  void aLogGoesOnAfterARestart() {
    List<AuditEntry> all = new ArrayList<>(write(3));
    all.addAll(write(1));
    write(0);
    all.addAll(write(2));
    assertThat(read()).isEqualTo(all);
    assertThat(verify().isSound()).isTrue();
  }

  @Test
  void nothingIsReadableWithoutTheKey() throws IOException {
    write(3);
    for (Path file : files()) {
      assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
          .doesNotContain("req_")
          .doesNotContain("org_1");
    }
    AuditKeys other = AuditKeys.ofFileOrNew(home.resolve("other"), random);
    AuditReport report = new AuditReader(directory(), other, Set.of()).read(entry -> {});
    assertThat(report.problems()).anyMatch(problem -> problem.contains("not among the keys"));
  }

  @Test
  void everyChangedByteIsFound() throws IOException {
    write(3);
    Path file = files().getFirst();
    byte[] good = Files.readAllBytes(file);
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 1;
      Files.write(file, bad);
      assertThat(verify().isSound()).as("byte %d changed", i).isFalse();
    }
  }

  @Test
  void everyCutIsFound() throws IOException {
    write(3);
    Path file = files().getFirst();
    byte[] good = Files.readAllBytes(file);
    for (int length = 0; length < good.length; length++) {
      Files.write(file, Arrays.copyOf(good, length));
      assertThat(verify().isSound()).as("cut to %d bytes", length).isFalse();
    }
  }

  @Test
  void aMissingSegmentIsFound() throws IOException {
    write(2);
    write(2);
    write(2);
    for (Path file : files()) {
      byte[] good = Files.readAllBytes(file);
      Files.delete(file);
      assertThat(verify().problems()).as("without %s", file).isNotEmpty();
      Files.write(file, good);
    }
    Files.write(HeadFile.in(directory()), new byte[0]);
    assertThat(verify().problems()).containsExactly("there are entries, but no head");
    Files.delete(HeadFile.in(directory()));
    assertThat(verify().problems()).containsExactly("there are entries, but no head");
  }

  @Test
  void entriesFromAnotherPlaceOfTheSameLogAreFound() throws IOException {
    write(1);
    write(1);
    byte[] second = Files.readAllBytes(files().get(1));
    byte[] first = Files.readAllBytes(files().getFirst());
    byte[] mixed =
        Arrays.copyOf(first, Segment.HEADER_BYTES + second.length - Segment.HEADER_BYTES);
    System.arraycopy(
        second,
        Segment.HEADER_BYTES,
        mixed,
        Segment.HEADER_BYTES,
        second.length - Segment.HEADER_BYTES);
    Files.write(files().getFirst(), mixed);
    assertThat(verify().isSound()).isFalse();
  }

  @Test
  void anOlderStateOfTheWholeDirectoryIsFoundByANotedPlace() throws IOException {
    write(2);
    byte[] head = Files.readAllBytes(HeadFile.in(directory()));
    Path first = files().getFirst();
    write(2);
    ChainPoint noted = verify().end();
    Files.delete(files().get(1));
    Files.write(HeadFile.in(directory()), head);
    assertThat(files()).containsExactly(first);
    assertThat(verify().isSound()).isTrue();
    AuditReport report =
        new AuditReader(directory(), keys(), Set.of(ChainPoint.parse(noted.toString())))
            .read(entry -> {});
    assertThat(report.problems()).containsExactly("entry 4 is not the one that was noted");
  }

  @Test
  void whatACrashLeftOfAnEntryIsCutOffAtTheNextStart() throws IOException {
    List<AuditEntry> all = new ArrayList<>(write(2));
    Files.write(files().getFirst(), new byte[] {0, 0, 0, 99, 1, 2, 3}, StandardOpenOption.APPEND);
    AuditReport torn = verify();
    assertThat(torn.isSound()).isTrue();
    assertThat(torn.tornBytes()).isEqualTo(7);
    all.addAll(write(1));
    assertThat(read()).isEqualTo(all);
    assertThat(verify().isSound()).isTrue();
  }

  @Test
  void aLogThatWasCutIsNotContinued() throws IOException {
    write(3);
    Path file = files().getFirst();
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) - 1));
    assertThatThrownBy(this::open)
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("entries are missing at its end: it reached 3 and has 2");
  }

  @Test
  void aNewKeyEncryptsWhatComesNextAndTheOldOneStillReads() {
    List<AuditEntry> all = new ArrayList<>(write(2));
    AuditKeys.rotate(home.resolve("keys"), random);
    all.addAll(write(2));
    assertThat(keys().size()).isEqualTo(2);
    assertThat(read()).isEqualTo(all);
  }

  @Test
  void aDayBeginsASegmentAndOldSegmentsAreRetired() throws Exception {
    AuditLimits twoDays = AuditLimits.keptFor(Duration.ofDays(2));
    try (FileAuditLog log = FileAuditLog.open(directory(), keys(), twoDays, time, random)) {
      for (int day = 0; day < 6; day++) {
        log.append(entry(day)).get();
        time.advance(Duration.ofDays(1));
      }
    }
    AuditReport report = verify();
    assertThat(report.problems()).isEmpty();
    assertThat(report.begin().seq()).isGreaterThan(0);
    assertThat(files()).hasSizeBetween(3, 4);
    Files.delete(files().getFirst());
    assertThat(verify().problems())
        .anyMatch(problem -> problem.contains("are missing, and were not retired"));
  }

  @Test
  void aFullSegmentIsFollowedByAnother() throws Exception {
    AuditLimits small = new AuditLimits(Duration.ofDays(30), 1_000, 16);
    List<AuditEntry> all = new ArrayList<>();
    try (FileAuditLog log = FileAuditLog.open(directory(), keys(), small, time, random)) {
      for (int i = 0; i < 30; i++) {
        all.add(entry(i));
        log.append(all.getLast()).get();
      }
    }
    assertThat(files().size()).isGreaterThan(2);
    assertThat(read()).isEqualTo(all);
    assertThat(verify().isSound()).isTrue();
  }

  @Test
  void manyThreadsWriteOneChain() throws Exception {
    int threads = 8;
    int each = 200;
    try (FileAuditLog log = open();
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<CompletableFuture<?>> written = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        written.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int i = 0; i < each; i++) {
                    log.append(entry(i)).join();
                  }
                },
                pool));
      }
      CompletableFuture.allOf(written.toArray(CompletableFuture[]::new)).get();
      assertThat(verify().isSound()).as("while the log is open").isTrue();
    }
    assertThat(verify().entries()).isEqualTo((long) threads * each);
    assertThat(verify().isSound()).isTrue();
  }

  @Test
  void thoseWhoWriteTheirOwnAndThoseWhoHaveItWrittenMakeOneChain() throws Exception {
    int threads = 4;
    int each = 200;
    try (FileAuditLog log = open();
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<CompletableFuture<?>> written = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        boolean own = t % 2 == 0;
        written.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int i = 0; i < each; i++) {
                    (own ? log.write(entry(i)) : log.append(entry(i))).join();
                  }
                },
                pool));
      }
      CompletableFuture.allOf(written.toArray(CompletableFuture[]::new)).get();
    }
    assertThat(verify().entries()).isEqualTo((long) threads * each);
    assertThat(verify().isSound()).isTrue();
  }

  @Test
  void anInterruptDoesNoHarmToTheLog() {
    try (FileAuditLog log = open()) {
      Thread.currentThread().interrupt();
      assertThat(log.write(entry(1))).isCompleted();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(log.write(entry(2))).isCompleted();
    }
    assertThat(verify().entries()).isEqualTo(2);
    assertThat(verify().isSound()).isTrue();
  }

  @Test
  void aThreadThatIsSharedIsLeftRunning() throws Exception {
    try (ScheduledExecutorService shared = Executors.newSingleThreadScheduledExecutor()) {
      FileAuditLog log =
          FileAuditLog.open(directory(), keys(), AuditLimits.DEFAULTS, time, random, shared);
      log.append(entry(1)).get();
      log.close();
      log.close();
      assertThat(shared.submit(() -> "still there").get()).isEqualTo("still there");
    }
    assertThat(verify().entries()).isEqualTo(1);
  }

  @Test
  void afterAFailureTheNextEntryIsWrittenAgain() throws Exception {
    List<AuditEntry> good = new ArrayList<>();
    try (FileAuditLog log = open()) {
      good.add(entry(1));
      log.append(good.getLast()).get();
      time.advance(Duration.ofDays(1)); // the next entry needs a new segment
      Path away = home.resolve("away");
      Files.move(directory(), away);
      assertThatThrownBy(() -> log.append(entry(2)).get())
          .hasRootCauseInstanceOf(IOException.class);
      Files.move(away, directory());
      good.add(entry(3));
      log.append(good.getLast()).get();
    }
    assertThat(read()).isEqualTo(good);
    assertThat(verify().isSound()).isTrue();
  }

  @Test
  void aClosedLogTakesNothing() {
    FileAuditLog log = open();
    log.close();
    assertThat(log.append(entry(1))).isCompletedExceptionally();
    assertThat(log.write(entry(1))).isCompletedExceptionally();
  }

  @Test
  void aKeyFileIsForItsOwnerAloneAndNamesWhatIsWrongWithIt() throws IOException {
    keys();
    assertThat(Files.getPosixFilePermissions(home.resolve("keys"))).hasSize(2);
    Files.writeString(home.resolve("keys"), "c2hvcnQ=\n");
    assertThatThrownBy(this::keys).hasMessageContaining("32 bytes in base64");
    assertThatThrownBy(() -> AuditKeys.parse("PARLEY_AUDIT_KEY", " "))
        .hasMessage("PARLEY_AUDIT_KEY: holds no key");
  }

  private AuditEntry entry(int i) {
    TreeMap<String, Integer> findings = new TreeMap<>();
    findings.put("email:mask", i);
    return new AuditEntry.Decision(
        time.now().truncatedTo(java.time.temporal.ChronoUnit.MILLIS),
        "req_" + i,
        "org_1",
        "parley-base",
        i % 2 == 0 ? "input" : "output",
        i % 3 == 0 ? "" : "weapons",
        "2026.11.1",
        findings);
  }

  private List<AuditEntry> write(int entries) {
    List<AuditEntry> all = new ArrayList<>();
    try (FileAuditLog log = open()) {
      for (int i = 0; i < entries; i++) {
        all.add(entry(i));
        log.append(all.getLast()).join();
      }
    }
    return all;
  }

  private FileAuditLog open() {
    return FileAuditLog.open(directory(), keys(), AuditLimits.DEFAULTS, time, random);
  }

  private AuditKeys keys() {
    return AuditKeys.ofFileOrNew(home.resolve("keys"), random);
  }

  private Path directory() {
    return home.resolve("audit");
  }

  private List<Path> files() throws IOException {
    return Segment.files(directory());
  }

  private AuditReport verify() {
    return new AuditReader(directory(), keys(), Set.of()).read(entry -> {});
  }

  private List<AuditEntry> read() {
    List<AuditEntry> entries = new ArrayList<>();
    new AuditReader(directory(), keys(), Set.of()).read(entries::add);
    return entries;
  }
}
