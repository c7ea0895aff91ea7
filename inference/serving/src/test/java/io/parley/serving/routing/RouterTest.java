package io.parley.serving.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.ParleyException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RouterTest {
  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void oneWorkerServesAll() {
    Router router = new Router(RoutingSettings.DEFAULT, random);
    assertThat(router.choose(new Board(1))).isZero();
    assertThat(router.choose(7, new Board(1))).isZero();
  }

  @Test
  void twoChoicesKeepTheLongestQueueShort() {
    int workers = 1000;
    int longestOfOne = longest(workers, board -> random.nextInt(workers));
    Router router = new Router(RoutingSettings.WITHOUT_AFFINITY, random);
    int longestOfTwo = longest(workers, router::choose);
    // Theory for as many balls as bins: ln n / ln ln n ≈ 3.6 and ln ln n / ln 2 ≈ 2.8, plus O(1).
    assertThat(longestOfTwo).isLessThanOrEqualTo(4).isLessThan(longestOfOne);
  }

  private interface Choice {
    int of(Board board);
  }

  private static int longest(int workers, Choice choice) {
    Board board = new Board(workers);
    for (int i = 0; i < workers; i++) {
      board.loads[choice.of(board)]++;
    }
    return (int) Arrays.stream(board.loads).max().orElseThrow();
  }

  @Test
  void aPrefixGoesHomeAsLongAsItsHomesHaveRoom() {
    Router router = new Router(RoutingSettings.DEFAULT, random);
    Board board = new Board(100);
    Arrays.fill(board.loads, 10);
    Set<Integer> homes = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      homes.add(router.choose(42, board));
    }
    assertThat(homes).containsExactly(Router.home(42, 0, 100));
  }

  @Test
  void aPopularPrefixSpreadsOverMoreHomesAndThenOverAll() {
    Router router = new Router(RoutingSettings.DEFAULT, random);
    Board board = new Board(100);
    Arrays.fill(board.loads, 10);
    Set<Integer> used = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      int worker = router.choose(42, board);
      used.add(worker);
      board.loads[worker]++;
    }
    assertThat(used).hasSizeGreaterThan(8);
    for (int rank = 0; rank < 8; rank++) {
      assertThat(used).contains(Router.home(42, rank, 100));
    }
    assertThat(Arrays.stream(board.loads).max().orElseThrow()).isLessThanOrEqualTo(17);
  }

  @Test
  void prefixesHaveTheirHomesEverywhere() {
    int[] prefixesAt = new int[10];
    for (int key = 0; key < 10_000; key++) {
      prefixesAt[Router.home(key, 0, 10)]++;
    }
    for (int count : prefixesAt) {
      assertThat(count).isBetween(850, 1150);
    }
  }

  @Test
  void anotherWorkerMovesFewHomes() {
    int moved = 0;
    for (int key = 0; key < 10_000; key++) {
      moved += Router.home(key, 0, 10) == Router.home(key, 0, 11) ? 0 : 1;
    }
    assertThat(moved).isBetween(750, 1070);
  }

  @Test
  void whoDoesNotAcceptGetsNothing() {
    Router router = new Router(RoutingSettings.DEFAULT, random);
    Board board = new Board(8);
    Arrays.fill(board.accepts, false);
    assertThat(router.choose(board)).isEqualTo(Router.NONE);
    assertThat(router.choose(3, board)).isEqualTo(Router.NONE);
    board.accepts[5] = true;
    for (int key = 0; key < 100; key++) {
      assertThat(router.choose(board)).isEqualTo(5);
      assertThat(router.choose(key, board)).isEqualTo(5);
    }
  }

  @Test
  void settingsNameWhatIsWrong() {
    assertThatThrownBy(() -> new RoutingSettings(17, 1, 0))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("home_pairs");
    assertThatThrownBy(() -> new RoutingSettings(1, 0.5, 0)).hasMessageContaining("factor");
    assertThatThrownBy(() -> new RoutingSettings(1, 1, -1)).hasMessageContaining("slack");
  }

  private static final class Board implements WorkerLoads {
    final double[] loads;
    final boolean[] accepts;

    Board(int workers) {
      loads = new double[workers];
      accepts = new boolean[workers];
      Arrays.fill(accepts, true);
    }

    @Override
    public int workers() {
      return loads.length;
    }

    @Override
    public boolean accepts(int worker) {
      return accepts[worker];
    }

    @Override
    public double load(int worker) {
      return loads[worker];
    }

    @Override
    public double meanLoad() {
      return Arrays.stream(loads).average().orElseThrow();
    }
  }
}
