package io.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecentReadsTest {
  private static final Duration ALMOST = RecentReads.LIFE.minusNanos(1);

  private final VirtualTime time = new VirtualTime();
  private final AtomicInteger reads = new AtomicInteger();
  private final RecentReads<String> recent =
      new RecentReads<>(time, id -> id + " " + reads.incrementAndGet());

  @Test
  void whatWasReadCountsForASecond() {
    assertThat(recent.of("org")).isEqualTo("org 1");
    time.advance(ALMOST);
    assertThat(recent.of("org")).isEqualTo("org 1");
    time.advance(Duration.ofNanos(1));
    assertThat(recent.of("org")).isEqualTo("org 2");
  }

  @Test
  void theSecondBeginsBeforeTheLookUp() {
    RecentReads<String> slow =
        new RecentReads<>(
            time,
            id -> {
              time.advance(ALMOST);
              return id + " " + reads.incrementAndGet();
            });
    assertThat(slow.of("org")).isEqualTo("org 1");
    assertThat(slow.atHand("org")).contains("org 1");
    time.advance(Duration.ofNanos(1));
    assertThat(slow.atHand("org")).isEmpty();
  }

  @Test
  void whatIsNotAtHandIsNotRead() {
    assertThat(recent.atHand("org")).isEmpty();
    assertThat(reads).hasValue(0);
  }

  @Test
  void moreOrganisationsThanThereIsRoomForAreNotTakenForEachOther() {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 2 * RecentReads.SLOTS; i++) {
        assertThat(recent.of("org_" + i)).startsWith("org_" + i + " ");
      }
    }
  }

  @Test
  void aLookUpThatFailsLeavesNothingBehindAndNothingOlderStandsIn() {
    RecentReads<String> once =
        new RecentReads<>(
            time,
            id -> {
              if (reads.incrementAndGet() == 2) {
                throw new IllegalStateException("no database");
              }
              return id + " " + reads.get();
            });
    once.of("org");
    time.advance(RecentReads.LIFE);
    assertThatThrownBy(() -> once.of("org")).hasMessage("no database");
    assertThat(once.atHand("org")).isEmpty();
    assertThat(once.of("org")).isEqualTo("org 3");
  }

  @Test
  void manyAtOnceAreOneLookUp() throws Exception {
    int many = 100;
    CountDownLatch coming = new CountDownLatch(many);
    RecentReads<String> busy =
        new RecentReads<>(
            time,
            id -> {
              await(coming);
              return id + " " + reads.incrementAndGet();
            });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> found =
          IntStream.range(0, many)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            coming.countDown();
                            return busy.of("org");
                          }))
              .toList();
      for (Future<String> each : found) {
        assertThat(each.get()).isEqualTo("org 1");
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
