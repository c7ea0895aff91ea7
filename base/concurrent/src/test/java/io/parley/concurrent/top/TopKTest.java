package io.parley.concurrent.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TopKTest {
  @Test
  void tiesAreOrderedByKey() {
    TopK<String> top = new TopK<>(3);
    List.of("d", "b", "e", "a", "c").forEach(key -> top.offer(key, 7));
    top.offer("z", 8);
    assertThat(top.ranking())
        .containsExactly(new Ranked<>("z", 8), new Ranked<>("a", 7), new Ranked<>("b", 7));
  }

  @Property(tries = 200)
  void isTheBeginningOfTheSortedListHoweverItWasSplit(
      @ForAll @IntRange(min = 1, max = 8) int k,
      @ForAll @IntRange(min = 1, max = 5) int workers,
      @ForAll List<@IntRange(min = 0, max = 20) Integer> scores,
      @ForAll long seed) {
    List<Ranked<Integer>> all = new ArrayList<>();
    scores.forEach(score -> all.add(new Ranked<>(all.size(), score)));
    List<Ranked<Integer>> sorted = new ArrayList<>(all);
    sorted.sort(Ranked.bestFirst());
    Random random = new Random(seed);
    Collections.shuffle(all, random);
    List<TopK<Integer>> tops = new ArrayList<>();
    for (int w = 0; w < workers; w++) {
      tops.add(new TopK<>(k));
    }
    all.forEach(ranked -> tops.get(random.nextInt(workers)).offer(ranked.key(), ranked.score()));
    Collections.shuffle(tops, random);
    List<Ranked<Integer>> expected = sorted.subList(0, Math.min(k, sorted.size()));
    assertThat(tops.stream().reduce(new TopK<>(k), TopK::merge).ranking()).isEqualTo(expected);
    assertThat(all.parallelStream().collect(TopK.collector(k, Ranked::key, Ranked::score)))
        .isEqualTo(expected);
  }

  @Test
  void theBestOfNothingIsNothingAndNoneIsRefused() {
    assertThat(new TopK<String>(3).ranking()).isEmpty();
    assertThatThrownBy(() -> new TopK<String>(0)).hasMessageContaining("k must be");
  }
}
