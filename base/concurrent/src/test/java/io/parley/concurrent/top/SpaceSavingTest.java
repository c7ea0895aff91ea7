package io.parley.concurrent.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.concurrent.top.SpaceSaving.Estimate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SpaceSavingTest {
  private static final int KEYS = 60;

  @Test
  void isExactWhileThereIsRoom() {
    SpaceSaving<String> counts = new SpaceSaving<>(3);
    counts.add("b", 2);
    counts.add("a", 2);
    counts.add("c", 1);
    counts.add("c", 4);
    assertThat(counts.top(5))
        .containsExactly(
            new Estimate<>("c", 5, 0), new Estimate<>("a", 2, 0), new Estimate<>("b", 2, 0));
    assertThat(counts.errorBound()).isZero();
    assertThat(counts.total()).isEqualTo(9);
  }

  @Test
  void aNewKeyTakesTheSmallestPlaceAndItsCount() {
    SpaceSaving<String> counts = new SpaceSaving<>(2);
    counts.add("a", 5);
    counts.add("b", 2);
    counts.add("c", 1);
    assertThat(counts.top(2)).containsExactly(new Estimate<>("a", 5, 0), new Estimate<>("c", 3, 2));
    assertThat(counts.estimate("b")).isEqualTo(new Estimate<>("b", 2, 2));
    assertThat(counts.estimate("c").guaranteed()).isOne();
  }

  @Property(tries = 300)
  void everyTrueWeightIsWithinItsBounds(
      @ForAll @IntRange(min = 1, max = 20) int counters, @ForAll long seed) {
    Map<Integer, Long> truth = new HashMap<>();
    SpaceSaving<Integer> counts = stream(counters, new Random(seed), truth);
    check(counts, counters, truth);
  }

  @Property(tries = 300)
  void mergedSummariesKeepTheirBounds(
      @ForAll @IntRange(min = 1, max = 20) int counters,
      @ForAll @IntRange(min = 1, max = 5) int parts,
      @ForAll long seed) {
    Random random = new Random(seed);
    Map<Integer, Long> truth = new HashMap<>();
    SpaceSaving<Integer> merged = new SpaceSaving<>(counters);
    for (int i = 0; i < parts; i++) {
      merged = merged.mergedWith(stream(counters, random, truth));
    }
    check(merged, counters, truth);
    merged.add(-1, 3);
    truth.put(-1, 3L);
    check(merged, counters, truth);
  }

  private static SpaceSaving<Integer> stream(
      int counters, Random random, Map<Integer, Long> truth) {
    SpaceSaving<Integer> counts = new SpaceSaving<>(counters);
    int length = random.nextInt(400);
    for (int i = 0; i < length; i++) {
      int key = (int) Math.pow(KEYS, random.nextDouble());
      long weight = random.nextInt(3) == 0 ? random.nextLong(1, 10) : 1;
      counts.add(key, weight);
      truth.merge(key, weight, Long::sum);
    }
    return counts;
  }

  private static void check(SpaceSaving<Integer> counts, int counters, Map<Integer, Long> truth) {
    long total = truth.values().stream().mapToLong(Long::longValue).sum();
    assertThat(counts.total()).isEqualTo(total);
    assertThat(counts.errorBound()).isLessThanOrEqualTo(total / counters);
    List<Integer> kept = new ArrayList<>();
    for (Estimate<Integer> estimate : counts.top(counters)) {
      long weight = truth.getOrDefault(estimate.key(), 0L);
      assertThat(weight).isBetween(estimate.guaranteed(), estimate.count());
      assertThat(estimate.error()).isLessThanOrEqualTo(counts.errorBound());
      kept.add(estimate.key());
    }
    truth.forEach(
        (key, weight) -> {
          if (!kept.contains(key)) {
            assertThat(weight).isLessThanOrEqualTo(counts.errorBound());
          }
          if (weight > total / counters) {
            assertThat(kept).contains(key);
          }
        });
  }

  @Test
  void badInputIsRefusedByName() {
    SpaceSaving<String> counts = new SpaceSaving<>(2);
    assertThatThrownBy(() -> counts.add("a", 0)).hasMessageContaining("weight");
    assertThatThrownBy(() -> new SpaceSaving<String>(0)).hasMessageContaining("counters");
    assertThatThrownBy(() -> counts.mergedWith(new SpaceSaving<>(3))).hasMessageContaining("both");
    counts.add("a", Long.MAX_VALUE);
    assertThatThrownBy(() -> counts.add("a", 1)).isInstanceOf(ArithmeticException.class);
    assertThat(counts.estimate("a").count()).isEqualTo(Long.MAX_VALUE);
  }
}
