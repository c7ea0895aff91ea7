package io.parley.concurrent.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.concurrent.Threads;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class BlockPipelineTest {
  private final List<Thread> made = Collections.synchronizedList(new ArrayList<>());
  private final ThreadFactory factory =
      task -> {
        Thread thread = new Thread(task);
        made.add(thread);
        return thread;
      };

  private BlockPipeline pipeline(int workers, int window, int attempts) {
    return new BlockPipeline(workers, window, attempts, factory);
  }

  private static Iterator<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().iterator();
  }

  @AfterEach
  void noThreadOutlivesItsRun() {
    assertThat(made).noneMatch(Thread::isAlive);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void mergesInOrderWhateverTheWorkersDo(int workers) throws Exception {
    List<String> merged = new ArrayList<>();
    Random random = new Random(1);
    long[] pauses = random.longs(300, 0, 100_000).toArray();
    long count =
        pipeline(workers, 2 * workers, 1)
            .<Integer, String>run(
                numbers(300),
                (index, block, attempt) -> {
                  LockSupport.parkNanos(pauses[block]);
                  return index + ":" + block;
                },
                (index, result) -> merged.add(result));
    assertThat(count).isEqualTo(300);
    assertThat(merged).isEqualTo(IntStream.range(0, 300).mapToObj(i -> i + ":" + i).toList());
  }

  @Test
  void anEmptySourceMergesNothing() throws Exception {
    assertThat(
            pipeline(2, 4, 1)
                .<Integer, Integer>run(
                    Collections.emptyIterator(),
                    (index, block, attempt) -> block,
                    (index, result) -> {
                      throw new IllegalStateException();
                    }))
        .isZero();
  }

  @Test
  void aSlowMergeStopsTheReader() throws Exception {
    AtomicInteger read = new AtomicInteger();
    AtomicInteger merged = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Iterator<Integer> source =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return read.get() < 200;
          }

          @Override
          public Integer next() {
            most.accumulateAndGet(read.get() + 1 - merged.get(), Math::max);
            return read.getAndIncrement();
          }
        };
    pipeline(2, 5, 1)
        .<Integer, Integer>run(
            source,
            (index, block, attempt) -> block,
            (index, result) -> {
              LockSupport.parkNanos(50_000);
              merged.incrementAndGet();
            });
    assertThat(most.get()).isBetween(1, 5);
    assertThat(merged.get()).isEqualTo(200);
  }

  @Test
  void aFailedBlockIsTriedAgainAndMergedOnce() throws Exception {
    List<Integer> merged = new ArrayList<>();
    pipeline(3, 6, 3)
        .<Integer, Integer>run(
            numbers(50),
            (index, block, attempt) -> {
              if (block % 7 == 0 && attempt < 3) {
                throw new IllegalStateException("attempt " + attempt);
              }
              return block;
            },
            (index, result) -> merged.add(result));
    assertThat(merged).isEqualTo(IntStream.range(0, 50).boxed().toList());
  }

  @Test
  void theFirstBlockInOrderThatFailsForGoodIsReportedAndAllBeforeItAreMerged() {
    for (int round = 0; round < 20; round++) {
      List<Integer> merged = new ArrayList<>();
      assertThatThrownBy(
              () ->
                  pipeline(4, 8, 2)
                      .<Integer, Integer>run(
                          numbers(100),
                          (index, block, attempt) -> {
                            if (block == 20) {
                              LockSupport.parkNanos(300_000);
                            }
                            if (block >= 20) {
                              throw new IllegalStateException("no " + block);
                            }
                            return block;
                          },
                          (index, result) -> merged.add(result)))
          .isInstanceOfSatisfying(
              BlockFailedException.class, e -> assertThat(e.index()).isEqualTo(20))
          .hasMessageContaining("block 20 could not be processed");
      assertThat(merged).isEqualTo(IntStream.range(0, 20).boxed().toList());
    }
  }

  @Test
  void aSourceThatFailsIsReportedAfterWhatItGave() {
    List<Integer> merged = new ArrayList<>();
    Iterator<Integer> source =
        IntStream.range(0, 10)
            .boxed()
            .map(
                i -> {
                  if (i == 6) {
                    throw new IllegalStateException("disk");
                  }
                  return i;
                })
            .iterator();
    assertThatThrownBy(
            () ->
                pipeline(2, 4, 1)
                    .<Integer, Integer>run(
                        source,
                        (index, block, attempt) -> block,
                        (index, result) -> merged.add(result)))
        .hasMessageContaining("block 6 could not be read");
    assertThat(merged).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void aMergeThatFailsEndsTheRun() {
    assertThatThrownBy(
            () ->
                pipeline(2, 4, 1)
                    .<Integer, Integer>run(
                        IntStream.iterate(0, i -> i + 1).boxed().iterator(),
                        (index, block, attempt) -> block,
                        (index, result) -> {
                          if (index == 5) {
                            throw new IllegalStateException("full");
                          }
                        }))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("block 5")
        .hasRootCauseMessage("full");
  }

  @Test
  void anInterruptEndsTheRunAndItsThreads() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger interrupted = new AtomicInteger();
    try (Threads threads = new Threads()) {
      Thread caller =
          threads.startWaiting(
              () -> {
                try {
                  pipeline(2, 4, 1)
                      .<Integer, Integer>run(
                          numbers(10),
                          (index, block, attempt) -> {
                            never.await();
                            return block;
                          },
                          (index, result) -> {});
                } catch (InterruptedException e) {
                  interrupted.incrementAndGet();
                } catch (ExecutionException e) {
                  throw new IllegalStateException(e);
                }
              });
      caller.interrupt();
      caller.join();
    }
    assertThat(interrupted.get()).isOne();
  }

  /** As in a crawler: what was merged makes new blocks appear. */
  @Test
  void aSourceMayWaitForTheMerge() throws Exception {
    LinkedBlockingQueue<Integer> frontier = new LinkedBlockingQueue<>(List.of(1));
    AtomicInteger seen = new AtomicInteger();
    Iterator<Integer> source =
        new Iterator<>() {
          private int next;

          @Override
          public boolean hasNext() {
            try {
              next = frontier.take();
              return next < 1_000;
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }

          @Override
          public Integer next() {
            return next;
          }
        };
    pipeline(2, 4, 1)
        .<Integer, Integer>run(
            source,
            (index, block, attempt) -> block * 2,
            (index, result) -> {
              seen.incrementAndGet();
              frontier.add(result);
            });
    assertThat(seen.get()).isEqualTo(10);
  }

  @Test
  void sizesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> pipeline(4, 3, 1)).hasMessageContaining("window");
    assertThatThrownBy(() -> pipeline(1, 1, 0)).hasMessageContaining("attempts");
  }

  @Test
  void soakShort() throws Exception {
    soak(1, 30);
  }

  @Test
  @Tag("soak")
  @Timeout(1_200)
  void soak() throws Exception {
    soak(2, 3_000);
  }

  private void soak(long seed, int runs) throws Exception {
    Random random = new Random(seed);
    for (int run = 0; run < runs; run++) {
      int blocks = random.nextInt(200);
      int workers = 1 + random.nextInt(4);
      int bad = random.nextInt(3) == 0 ? random.nextInt(blocks + 1) : Integer.MAX_VALUE;
      long salt = random.nextLong();
      List<Integer> merged = new ArrayList<>();
      try {
        pipeline(workers, workers + random.nextInt(5), 2)
            .<Integer, Integer>run(
                numbers(blocks),
                (index, block, attempt) -> {
                  Random own = new Random(salt + block * 31L + attempt);
                  LockSupport.parkNanos(own.nextInt(30_000));
                  if (block >= bad || (attempt == 1 && own.nextInt(5) == 0)) {
                    throw new IllegalStateException();
                  }
                  return block;
                },
                (index, result) -> merged.add(result));
        assertThat(merged).hasSize(blocks);
      } catch (BlockFailedException e) {
        assertThat(e.index()).isEqualTo(bad);
        assertThat(merged).hasSize(bad);
      }
      assertThat(merged).isEqualTo(IntStream.range(0, merged.size()).boxed().toList());
      assertThat(made).noneMatch(Thread::isAlive);
      made.clear();
    }
  }
}
