package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class BlockPoolTest {
  private final BlockPool pool = new BlockPool(5);

  @Test
  void givesEachBlockToOneTable() {
    int[] first = pool.allocate(2);
    int[] second = pool.allocate(3);
    assertThat(first).doesNotContain(second);
    assertThat(pool.freeBlocks()).isZero();
    pool.check(List.of(first, second));
  }

  @Test
  void takesNothingIfTooFewAreFree() {
    pool.allocate(3);
    assertThatThrownBy(() -> pool.allocate(3)).isInstanceOf(IllegalStateException.class);
    assertThat(pool.freeBlocks()).isEqualTo(2);
  }

  @Test
  void aSharedBlockIsFreeWhenTheLastTableLetsGo() {
    int[] table = pool.allocate(2);
    pool.retain(table);
    pool.check(List.of(table, table));
    pool.release(table);
    assertThat(pool.blocksInUse()).isEqualTo(2);
    pool.release(table);
    assertThat(pool.blocksInUse()).isZero();
    pool.check(List.of());
  }

  @Test
  void refusesToReleaseOrRetainWhatIsFree() {
    int[] table = pool.allocate(1);
    pool.release(table);
    assertThatThrownBy(() -> pool.release(table)).isInstanceOf(InvariantBreach.class);
    assertThatThrownBy(() -> pool.retain(table)).isInstanceOf(InvariantBreach.class);
  }

  @Test
  void noticesATableThatItDoesNotKnow() {
    int[] table = pool.allocate(1);
    assertThatThrownBy(() -> pool.check(List.of())).isInstanceOf(InvariantBreach.class);
    assertThatThrownBy(() -> pool.check(List.of(table, table)))
        .isInstanceOf(InvariantBreach.class)
        .hasMessageContaining("references = tables");
  }
}
