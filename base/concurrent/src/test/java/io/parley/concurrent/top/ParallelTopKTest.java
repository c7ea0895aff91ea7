package io.parley.concurrent.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelTopKTest {
  private final ExecutorService executor = Executors.newFixedThreadPool(3);

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void findsTheSameForAnyNumberOfWorkers(int workers) throws Exception {
    Random random = new Random(11);
    TreeMap<String, Long> sums = new TreeMap<>();
    List<List<String>> blocks = new ArrayList<>();
    for (int b = 0; b < 200; b++) {
      List<String> block = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        String word = "w" + (int) Math.pow(3_000, random.nextDouble());
        block.add(word);
        sums.merge(word, 1L, Long::sum);
      }
      blocks.add(block);
    }
    List<Ranked<String>> expected =
        sums.entrySet().stream()
            .map(entry -> new Ranked<>(entry.getKey(), entry.getValue()))
            .sorted(Ranked.bestFirst())
            .limit(25)
            .toList();
    assertThat(
            ParallelTopK.<List<String>, String>of(
                25,
                blocks.iterator(),
                (block, counter) -> block.forEach(word -> counter.accept(word, 1)),
                workers,
                executor))
        .isEqualTo(expected);
  }

  @Test
  void aKeyThatIsNowhereFirstMayBeFirstInTotal() throws Exception {
    List<List<String>> blocks =
        List.of(List.of("a", "a", "a", "x", "x"), List.of("b", "b", "b", "x", "x"));
    assertThat(
            ParallelTopK.<List<String>, String>of(
                1,
                blocks.iterator(),
                (block, counter) -> block.forEach(word -> counter.accept(word, 1)),
                2,
                executor))
        .containsExactly(new Ranked<>("x", 4));
  }

  @Test
  void whatAReaderThrowsReachesTheCaller() {
    assertThatThrownBy(
            () ->
                ParallelTopK.<Integer, String>of(
                    1,
                    Arrays.asList(1, 2, 3).iterator(),
                    (block, counter) -> {
                      throw new IllegalStateException("block " + block);
                    },
                    2,
                    executor))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("block ");
  }
}
