package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class BlockPoolTest {
  private static final boolean[] NONE_IDLE = new boolean[3];

  private final BlockPool pool = new BlockPool(3);

  @Test
  void givesEachBlockOnce() {
    int[] table = {pool.allocate(), pool.allocate(), pool.allocate()};
    assertThat(table).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(pool.freeBlocks()).isZero();
    pool.check(List.of(table), NONE_IDLE);
    assertThatThrownBy(pool::allocate).isInstanceOf(InvariantBreach.class);
  }

  @Test
  void aSharedBlockIsInUseUntilTheLastHolderLetsGo() {
    int block = pool.allocate();
    assertThat(pool.retain(block)).isFalse();
    pool.check(List.of(new int[] {block}, new int[] {block}), NONE_IDLE);
    assertThat(pool.release(block)).isFalse();
    assertThat(pool.blocksInUse()).isEqualTo(1);
    assertThat(pool.release(block)).isTrue();
    assertThat(pool.blocksInUse()).isZero();
  }

  @Test
  void aBlockThatNobodyHoldsIsFreeOnlyWhenItsContentsAreGivenUp() {
    int block = pool.allocate();
    pool.release(block);
    assertThat(pool.freeBlocks()).isEqualTo(2);
    boolean[] idle = new boolean[3];
    idle[block] = true;
    pool.check(List.of(), idle);
    assertThat(pool.retain(block)).as("used again").isTrue();
    pool.release(block);
    pool.free(block);
    pool.check(List.of(), NONE_IDLE);
  }

  @Test
  void refusesToReleaseOrFreeTwice() {
    int block = pool.allocate();
    assertThatThrownBy(() -> pool.free(block)).isInstanceOf(InvariantBreach.class);
    pool.release(block);
    assertThatThrownBy(() -> pool.release(block)).isInstanceOf(InvariantBreach.class);
    pool.free(block);
    assertThatThrownBy(() -> pool.free(block)).isInstanceOf(InvariantBreach.class);
  }

  @Test
  void noticesATableThatItDoesNotKnow() {
    int[] table = {pool.allocate()};
    assertThatThrownBy(() -> pool.check(List.of(), NONE_IDLE)).isInstanceOf(InvariantBreach.class);
    assertThatThrownBy(() -> pool.check(List.of(table, table), NONE_IDLE))
        .isInstanceOf(InvariantBreach.class)
        .hasMessageContaining("references = tables");
  }

  @Test
  void noticesABlockThatIsLost() {
    pool.release(pool.allocate());
    assertThatThrownBy(() -> pool.check(List.of(), NONE_IDLE))
        .isInstanceOf(InvariantBreach.class)
        .hasMessageContaining("in use, free or idle");
    assertThatThrownBy(() -> pool.checkSums(0, 0)).isInstanceOf(InvariantBreach.class);
  }
}
