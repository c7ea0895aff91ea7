package io.parley.simulation.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.parley.common.ParleyException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** The seeds are fixed, so the statistics are too: these bounds cannot fail by chance. */
class TraceTest {
  private static final double RATE = 1000;
  private static final int SECONDS = 60;

  @Test
  void poissonArrivalsHaveTheRateAndVaryAsTheyShould() {
    int[] counts = perTenthOfASecond(new ArrivalProcess.Poisson(RATE));
    assertThat(mean(counts) * 10).isCloseTo(RATE, Percentage.withPercentage(2));
    assertThat(dispersion(counts)).isCloseTo(1, within(0.2));
  }

  @Test
  void burstyArrivalsHaveTheSameRateAndVaryMore() {
    ArrivalProcess.Bursty bursty = new ArrivalProcess.Bursty(RATE, 4, 1, 3);
    // 4 × calm for a quarter of the time, calm for three quarters: calm = 1000 × 4 / 7.
    assertThat(bursty.calmRate()).isCloseTo(571.43, within(0.01));
    int[] counts = perTenthOfASecond(bursty);
    assertThat(mean(counts) * 10).isCloseTo(RATE, Percentage.withPercentage(25));
    assertThat(dispersion(counts)).isGreaterThan(20);
  }

  private static int[] perTenthOfASecond(ArrivalProcess process) {
    ArrivalProcess.Clock clock = process.start(new SplittableRandom(7));
    int[] counts = new int[SECONDS * 10];
    for (long at = clock.next(); at < SECONDS * 1_000_000_000L; at = clock.next()) {
      counts[(int) (at / 100_000_000)]++;
    }
    return counts;
  }

  private static double mean(int[] counts) {
    return Arrays.stream(counts).average().orElseThrow();
  }

  /** Variance over mean: 1 for Poisson. */
  private static double dispersion(int[] counts) {
    double mean = mean(counts);
    return Arrays.stream(counts)
            .mapToDouble(count -> Math.pow(count - mean, 2))
            .average()
            .orElseThrow()
        / mean;
  }

  @Test
  void lengthsHaveTheirMedianAndTheirTail() {
    SplittableRandom random = new SplittableRandom(1);
    Lengths lengths = new Lengths(200, 1, 0.1, 2000, 1.5, 1, 100_000);
    int[] drawn = new int[100_000];
    Arrays.setAll(drawn, _ -> lengths.draw(random));
    Arrays.sort(drawn);
    // The median of the log-normal part is the quantile 0.5 of it: 0.45 of all, if its own share
    // above 2000 (z = 2.3, 1 %) is left aside.
    assertThat(drawn[45_000]).isCloseTo(200, Percentage.withPercentage(3));
    // Pareto: P(X > 8000) = (2000 / 8000)^1.5 = 1/8 of a tenth; the log-normal adds 1e-4.
    long above = Arrays.stream(drawn).filter(length -> length > 8000).count();
    assertThat(above).isCloseTo(1260, Percentage.withPercentage(8));
    assertThat(drawn[99_999]).isLessThanOrEqualTo(100_000);
  }

  @Test
  void zipfGivesTheFirstTenantItsShare() {
    SplittableRandom random = new SplittableRandom(1);
    Zipf zipf = new Zipf(4, 1);
    int[] counts = new int[4];
    for (int i = 0; i < 25_000; i++) {
      counts[zipf.draw(random)]++;
    }
    // 1 : 1/2 : 1/3 : 1/4 is 12 : 6 : 4 : 3 of 25.
    assertThat(counts[0]).isCloseTo(12_000, Percentage.withPercentage(3));
    assertThat(counts[1]).isCloseTo(6000, Percentage.withPercentage(4));
    assertThat(counts[3]).isCloseTo(3000, Percentage.withPercentage(6));
  }

  @Test
  void oneSeedIsOneTrace() {
    assertThat(all(1)).isEqualTo(all(1)).isNotEqualTo(all(2));
  }

  @Test
  void anotherRateLeavesTheRequestsAsTheyAre() {
    List<Arrival> slow = all(1);
    List<Arrival> fast =
        all(TraceSettings.chat(1, new ArrivalProcess.Poisson(2 * RATE), 5_000_000_000L));
    assertThat(fast).hasSizeGreaterThan(slow.size());
    for (int i = 0; i < slow.size(); i++) {
      assertThat(fast.get(i).promptTokens()).isEqualTo(slow.get(i).promptTokens());
      assertThat(fast.get(i).tenant()).isEqualTo(slow.get(i).tenant());
    }
  }

  @Test
  void promptsShareTheirBeginningAndNothingElse() {
    List<Arrival> sharing =
        all(1).stream().filter(arrival -> arrival.prefixKey() == 1).limit(2).toList();
    Arrival first = sharing.get(0);
    int[] one = first.prompt();
    int[] other = sharing.get(1).prompt();
    assertThat(first.prefixTokens()).isPositive();
    assertThat(Arrays.mismatch(one, other))
        .isBetween(first.prefixTokens(), first.prefixTokens() + 10);
    assertThat(one).hasSize(first.promptTokens()).doesNotContain(0);
  }

  @Test
  void halfOfTheRequestsShareAndFewClientsLeave() {
    List<Arrival> all = all(1);
    assertThat(all).hasSizeBetween(4700, 5300);
    long sharing = all.stream().filter(a -> a.prefixKey() != Arrival.NO_PREFIX).count();
    long leaving = all.stream().filter(a -> a.leavesAtNanos() != Arrival.STAYS).count();
    assertThat((double) sharing / all.size()).isCloseTo(0.5, within(0.03));
    assertThat((double) leaving / all.size()).isCloseTo(0.02, within(0.01));
    assertThat(all).isSortedAccordingTo((a, b) -> Long.compare(a.atNanos(), b.atNanos()));
  }

  @Test
  void aSliceHasItsPartOfTheRequestsAndOfTheirBeginnings() {
    TraceSettings whole = settings(1);
    TraceSettings quarter = whole.slice(0.25);
    assertThat(quarter.tenants()).isEqualTo(25);
    assertThat(quarter.prefixesPerTenant()).isEqualTo(4);
    assertThat(beginnings(whole)).isBetween(200L, 400L);
    assertThat(beginnings(quarter)).isBetween(50L, 100L);
    assertThat(all(quarter)).hasSizeBetween(1100, 1400); // 5,000 in the mean of the whole
    // Six beginnings are left, of two tenants.
    assertThat(whole.slice(0.015).tenants()).isEqualTo(2);
    assertThat(whole.slice(0.015).prefixesPerTenant()).isEqualTo(3);
    assertThat(whole.slice(1e-6).tenants()).isEqualTo(1);
    assertThat(whole.slice(1e-6).prefixesPerTenant()).isEqualTo(1);
    assertThat(whole.slice(1)).isEqualTo(whole);
  }

  private static long beginnings(TraceSettings settings) {
    return all(settings).stream()
        .mapToLong(Arrival::prefixKey)
        .filter(key -> key != Arrival.NO_PREFIX)
        .distinct()
        .count();
  }

  @Test
  void settingsNameWhatIsWrong() {
    assertThatThrownBy(() -> new ArrivalProcess.Poisson(0))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("rate");
    assertThatThrownBy(() -> Lengths.logNormal(1, 1, 2, 1)).hasMessageContaining("most");
  }

  private static TraceSettings settings(long seed) {
    return TraceSettings.chat(seed, new ArrivalProcess.Poisson(RATE), 5_000_000_000L);
  }

  private static List<Arrival> all(long seed) {
    return all(settings(seed));
  }

  private static List<Arrival> all(TraceSettings settings) {
    List<Arrival> all = new ArrayList<>();
    new Trace(settings).forEachRemaining(all::add);
    return all;
  }
}
