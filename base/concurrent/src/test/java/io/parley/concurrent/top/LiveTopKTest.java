package io.parley.concurrent.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.concurrent.Interleavings;
import io.parley.concurrent.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LiveTopKTest {
  @Test
  void aSnapshotHoldsWhatWasAddedBeforeAndDoesNotChange() {
    LiveTopK<String> live = new LiveTopK<>(2, 10, 3);
    assertThat(live.latest().version()).isZero();
    assertThat(live.latest().ranking()).isEmpty();
    live.add("a", 1);
    live.add("b", 3);
    live.add("c", 2);
    LiveTopK.Snapshot<String> first = live.publish();
    live.add("a", 9);
    assertThat(live.latest()).isSameAs(first);
    assertThat(first.version()).isOne();
    assertThat(first.total()).isEqualTo(6);
    assertThat(first.ranking().stream().map(SpaceSaving.Estimate::key)).containsExactly("b", "c");
    assertThat(live.publish().ranking().getFirst().key()).isEqualTo("a");
    assertThat(live.latest().version()).isEqualTo(2);
  }

  @Test
  void sizesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new LiveTopK<String>(5, 4, 1)).hasMessageContaining("counters");
  }

  @Test
  void versionsGrowByOneInEveryInterleaving() {
    Interleavings.of(
        () -> {
          LiveTopK<Integer> live = new LiveTopK<>(1, 1, 1);
          Thread writer =
              new Thread(
                  () -> {
                    live.add(1, 1);
                    live.publish();
                  });
          Thread publisher = new Thread(live::publish);
          writer.start();
          publisher.start();
          long before = live.latest().version();
          long after = live.latest().version();
          try {
            writer.join();
            publisher.join();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          if (before > after || live.latest().version() != 2) {
            throw new AssertionError("versions " + before + ", " + after);
          }
          if (live.publish().total() != 1) {
            throw new AssertionError("something is lost");
          }
        });
  }

  @Test
  void soakShort() throws Exception {
    soak(1, 20_000);
  }

  @Test
  @Tag("soak")
  @Timeout(1_200)
  void soak() throws Exception {
    for (long seed = 0; seed < 50; seed++) {
      soak(seed, 1_000_000);
    }
  }

  private static void soak(long seed, int additions) throws Exception {
    LiveTopK<Integer> live = new LiveTopK<>(5, 40, 3);
    AtomicLongArray truth = new AtomicLongArray(1_000);
    AtomicBoolean done = new AtomicBoolean();
    List<Long> totals = new ArrayList<>();
    try (Threads threads = new Threads()) {
      var publisher =
          threads.start(
              () -> {
                long version = 0;
                while (!done.get()) {
                  LiveTopK.Snapshot<Integer> snapshot = live.publish();
                  if (snapshot.version() != ++version) {
                    throw new AssertionError("version " + snapshot.version());
                  }
                  totals.add(snapshot.total());
                }
                return version;
              });
      List<java.util.concurrent.Future<Boolean>> writers = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        Random random = new Random(seed * 7 + t);
        writers.add(
            threads.start(
                () -> {
                  for (int i = 0; i < additions; i++) {
                    int key = (int) Math.pow(999, random.nextDouble());
                    live.add(key, 1);
                    truth.incrementAndGet(key);
                  }
                  return true;
                }));
      }
      for (var writer : writers) {
        assertThat(Threads.result(writer)).isTrue();
      }
      done.set(true);
      assertThat(Threads.result(publisher)).isPositive();
    }
    assertThat(totals).isSorted();
    LiveTopK.Snapshot<Integer> last = live.publish();
    assertThat(last.total()).isEqualTo(3L * additions);
    assertThat(last.errorBound()).isLessThanOrEqualTo(last.total() / 40);
    for (SpaceSaving.Estimate<Integer> estimate : last.ranking()) {
      assertThat(truth.get(estimate.key())).isBetween(estimate.guaranteed(), estimate.count());
    }
    assertThat(last.ranking().getFirst().key()).isEqualTo(1);
  }
}
