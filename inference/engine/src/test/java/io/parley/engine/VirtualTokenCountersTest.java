package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class VirtualTokenCountersTest {
  private final VirtualTokenCounters counters = new VirtualTokenCounters();

  @Test
  void aNewcomerStartsAtTheSmallestCounterThatWasServed() {
    counters.raise("a", 10);
    counters.served(10);
    assertThat(counters.of("new")).isEqualTo(10);
    counters.raise("new", 5);
    assertThat(counters.of("new")).isEqualTo(15);
  }

  @Test
  void whoComesBackHasNoCreditFromItsPauseButKeepsItsDebt() {
    counters.raise("poor", 3);
    counters.raise("rich", 50);
    counters.served(20);
    assertThat(counters.of("poor")).isEqualTo(20);
    assertThat(counters.of("rich")).isEqualTo(50);
  }

  @Test
  void theFloorOnlyRises() {
    counters.served(20);
    counters.served(10);
    assertThat(counters.of("a")).isEqualTo(20);
  }

  @Test
  void whatIsGivenBackNeverLeadsBelowTheFloor() {
    counters.raise("a", 30);
    counters.lower("a", 10);
    assertThat(counters.of("a")).isEqualTo(20);
    counters.served(15);
    counters.lower("a", 10);
    assertThat(counters.of("a")).isEqualTo(15);
  }

  @Test
  void organisationsThatComeAndGoLeaveNothingBehind() {
    int most = 0;
    counters.raise("stays", 1e9);
    for (int i = 0; i < 100_000; i++) {
      counters.raise("o" + i, 5);
      Set<String> active = Set.of("stays", "o" + i);
      counters.trim(active::contains);
      counters.check();
      most = Math.max(most, counters.size());
    }
    assertThat(most).isLessThanOrEqualTo(VirtualTokenCounters.KEPT_COUNTERS);
    assertThat(counters.of("stays")).isEqualTo(1e9);
    assertThat(counters.of("o99999")).isEqualTo(5);
  }

  @Test
  void asManyActiveOnesAsThereAreAreKept() {
    for (int i = 0; i < 5000; i++) {
      counters.raise("o" + i, i + 1);
      counters.trim(_ -> true);
      counters.check();
    }
    assertThat(counters.size()).isEqualTo(5000);
    assertThat(counters.of("o0")).isEqualTo(1);
  }
}
