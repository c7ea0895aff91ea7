package io.parley.simulation.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Thousands of random fleets, each from one seed: arrivals, lengths, clients that leave, time
 * limits, stalls, failures of steps and of devices. The invariants are checked after every step;
 * the fleet itself throws if a request has two outcomes or none in the end, or a block is left.
 *
 * <p>{@code -Dparley.simulation.seed=N} plays that seed alone, {@code -Dparley.simulation.seeds=N}
 * that many.
 */
class FleetSimulationTest {
  private static final int SEEDS = 2000;
  private static final int SEEDS_PER_COMPARISON = 10;

  private final ExecutorService executor = Executors.newFixedThreadPool(3);

  @AfterEach
  void stop() {
    executor.close();
  }

  @Test
  void everyRequestEndsOnceAndNothingIsLeft() {
    Long only = Long.getLong("parley.simulation.seed");
    long first = only == null ? 1 : only;
    long last = only == null ? Integer.getInteger("parley.simulation.seeds", SEEDS) : only;
    Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    for (long seed = first; seed <= last; seed++) {
      try {
        play(seed, outcomes);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("replay with -Dparley.simulation.seed=" + seed, e);
      }
    }
    if (last - first >= 100) {
      assertThat(outcomes)
          .as("every outcome came often")
          .containsOnlyKeys(Outcome.values())
          .allSatisfy((_, count) -> assertThat(count).isGreaterThan(last - first));
    }
  }

  private void play(long seed, Map<Outcome, Long> outcomes) {
    RandomFleet fleet = new RandomFleet(seed);
    FleetReport report = fleet.play(executor, 1);
    assertThat(report.arrived()).isEqualTo(fleet.requests());
    assertThat(report.outcomes().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(fleet.requests());
    report.outcomes().forEach((outcome, count) -> outcomes.merge(outcome, count, Long::sum));
    if (seed % SEEDS_PER_COMPARISON == 0) {
      assertThat(new RandomFleet(seed).play(executor, 1)).isEqualTo(report);
    }
  }
}
