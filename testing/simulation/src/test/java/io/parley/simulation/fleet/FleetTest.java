package io.parley.simulation.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.parley.common.ParleyException;
import io.parley.simulation.device.Preset;
import io.parley.simulation.trace.Arrival;
import io.parley.simulation.trace.ArrivalProcess;
import io.parley.simulation.trace.Trace;
import io.parley.simulation.trace.TraceSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FleetTest {
  private static final long SECOND = 1_000_000_000;
  private static final Preset PRESET = Preset.named("h100-8b");
  private static final int TENANTS = 100;
  private static final Policy BASELINE = Policy.standard("baseline", 1024);

  private final ExecutorService executor = Executors.newFixedThreadPool(3);

  @AfterEach
  void stop() {
    executor.close();
  }

  @Test
  void theThreadsMakeNoDifference() {
    FleetSettings settings = settings(40, BASELINE, new Faults(1, 0.1, 5, 1, 0.01));
    FleetReport alone = play(settings, 200, 1);
    assertThat(alone.failures()).isPositive();
    assertThat(alone.retries()).isPositive();
    assertThat(play(settings, 200, 3)).isEqualTo(alone);
  }

  @Test
  void anotherSeedOfTheRouterIsAnotherRun() {
    FleetReport one = play(settings(4, BASELINE, Faults.NONE), 60, 1);
    assertThat(play(settings(4, BASELINE, Faults.NONE), 60, 1)).isEqualTo(one);
    assertThat(play(settings(5, BASELINE, Faults.NONE), 60, 1)).isNotEqualTo(one);
  }

  @Test
  void oneRequestTakesWhatTheRooflineSays() {
    Arrival arrival =
        new Arrival(0, 0, 0, Arrival.NO_PREFIX, 0, 100, 3, 10, Arrival.STAYS, false, SECOND);
    FleetReport report = play(settings(1, BASELINE, Faults.NONE), List.of(arrival));
    // Prefill of 100 tokens and every decode are bound by 15.009 GB of weights and some KB of keys
    // and values at 2.5125 TB/s: 5.974 ms and 1 ms of overhead.
    assertThat(report.ttft().max()).isCloseTo(6.98, within(0.01));
    assertThat(report.interToken().p50()).isCloseTo(6.98, within(0.01));
    assertThat(report.interToken().count()).isEqualTo(2);
    assertThat(report.outcomes().get(Outcome.COMPLETED)).isEqualTo(1);
    assertThat(report.endings()).containsOnlyKeys("END_TURN");
  }

  @Test
  void continuousBatchingStartsRequestsSoonerThanStatic() {
    Policy standing = BASELINE.statically("static");
    FleetReport baseline = play(settings(2, BASELINE, Faults.NONE), 30, 1);
    FleetReport report = play(settings(2, standing, Faults.NONE), 30, 1);
    assertThat(report.ttft().p50()).isGreaterThan(5 * baseline.ttft().p50());
    assertThat(report.arrived()).isEqualTo(baseline.arrived());
  }

  @Test
  void chunksKeepStreamsFromWaitingForLongPrompts() {
    Policy whole = BASELINE.chunked("whole", 20_000);
    FleetReport chunked = play(settings(2, BASELINE, Faults.NONE), 40, 1);
    FleetReport report = play(settings(2, whole, Faults.NONE), 40, 1);
    assertThat(report.interToken().max()).isGreaterThan(3 * chunked.interToken().max());
  }

  @Test
  void sharedPrefixesAreComputedOnce() {
    FleetReport cached = play(settings(2, BASELINE, Faults.NONE), 40, 1);
    Policy forgetful = BASELINE.withoutPrefixCache("forgetful");
    FleetReport report = play(settings(2, forgetful, Faults.NONE), 40, 1);
    assertThat(cached.promptTokensPerSecond()).isLessThan(0.95 * report.promptTokensPerSecond());
    assertThat(cached.completedPerSecond()).isGreaterThanOrEqualTo(report.completedPerSecond());
  }

  @Test
  void whoComesFirstIsServedFirstIfAllAreOne() {
    FleetReport fair = play(settings(2, BASELINE, Faults.NONE), 40, 1);
    FleetReport report =
        play(settings(2, BASELINE.with("arrival", Sharing.ARRIVAL), Faults.NONE), 40, 1);
    assertThat(report.arrived()).isEqualTo(fair.arrived());
    assertThat(report.outcomes().get(Outcome.COMPLETED)).isPositive();
  }

  @Test
  void aFullFleetRefuses() {
    FleetReport report = play(settings(1, BASELINE, Faults.NONE), 1000, 1);
    assertThat(report.outcomes().get(Outcome.REFUSED)).isPositive();
    assertThat(report.endings()).containsKey("OVERLOADED");
    assertThat(report.attainment()).isLessThan(0.5);
  }

  @Test
  void theSizerFindsTheSmallestFleetThatIsEnough() {
    List<String> attempts = new ArrayList<>();
    FleetReport found =
        new FleetSizer(0.99, executor, 1, attempts::add)
            .size(settings(1, BASELINE, Faults.NONE), trace(150));
    assertThat(found.attainment()).isGreaterThanOrEqualTo(0.99);
    assertThat(found.replicas()).isBetween(2, 8);
    FleetReport fewer = play(settings(found.replicas() - 1, BASELINE, Faults.NONE), 150, 1);
    assertThat(fewer.attainment()).isLessThan(0.99);
    assertThat(attempts).isNotEmpty();
  }

  @Test
  void aLargeFleetIsSizedOnSlicesAndThenPlayedWhole() {
    List<String> attempts = new ArrayList<>();
    FleetReport found =
        new FleetSizer(0.99, 2, executor, 2, attempts::add)
            .size(settings(1, BASELINE, Faults.NONE), trace(300));
    assertThat(attempts).anyMatch(line -> line.contains("a slice of 2"));
    long whole = attempts.stream().filter(line -> line.contains("the whole")).count();
    assertThat(whole).isBetween(1L, (long) FleetSizer.MAX_WHOLE_RUNS);
    assertThat(attempts.getLast()).startsWith(found.replicas() + " devices (the whole)");
    assertThat(found.attainment() >= 0.99 || whole == FleetSizer.MAX_WHOLE_RUNS).isTrue();
  }

  @Test
  void theCurveOfSizesIsReadBackwards() {
    SizeCurve curve = new SizeCurve();
    curve.add(100, 0.5);
    assertThat(curve.devicesAt(0.2)).isEqualTo(100);
    curve.add(121, 0.9); // odds of 1 and of 9: 3 lies half-way in their logarithm, as does 110
    assertThat(curve.devicesAt(0.75)).isCloseTo(110, within(1e-6));
    assertThat(curve.devicesAt(0.9)).isCloseTo(121, within(1e-6));
    assertThat(curve.devicesAt(0.95)).isEqualTo(121);
    curve.add(200, 1);
    assertThat(curve.devicesAt(0.95)).isBetween(121.0, 200.0);
    curve.add(110, 0.4); // chance: what is above it counts
    assertThat(curve.devicesAt(0.5)).isBetween(110.0, 121.0);
  }

  @Test
  void whatCannotBePlayedIsRefused() {
    assertThatThrownBy(() -> play(settings(1, BASELINE, Faults.NONE), List.of()))
        .isInstanceOf(ParleyException.class);
    assertThatThrownBy(() -> settings(0, BASELINE, Faults.NONE)).hasMessageContaining("devices");
  }

  @Test
  void jainsIndexIsOneForEqualsAndOneNthForAWinner() {
    assertThat(FleetReport.jain(new double[] {3, 3, 3})).isCloseTo(1, within(1e-12));
    assertThat(FleetReport.jain(new double[] {0, 0, 5, 0})).isCloseTo(0.25, within(1e-12));
    // (1 + 2 + 3)² / (3 × 14)
    assertThat(FleetReport.jain(new double[] {1, 2, 3})).isCloseTo(36 / 42.0, within(1e-12));
  }

  private static FleetSettings settings(int replicas, Policy policy, Faults faults) {
    return new FleetSettings(
        PRESET,
        replicas,
        policy,
        faults,
        new ServiceLevel(SECOND, SECOND / 20),
        FleetSettings.DEFAULT_REPORT_NANOS,
        FleetSettings.DEFAULT_MAX_ATTEMPTS,
        0,
        3 * SECOND,
        1,
        false);
  }

  private static TraceSettings trace(double rate) {
    return TraceSettings.chat(1, new ArrivalProcess.Poisson(rate), 3 * SECOND);
  }

  private FleetReport play(FleetSettings settings, double rate, int threads) {
    return new Fleet(settings, TENANTS, executor, threads).play(new Trace(trace(rate)));
  }

  private FleetReport play(FleetSettings settings, List<Arrival> arrivals) {
    return new Fleet(settings, TENANTS, executor, 1).play(arrivals.iterator());
  }
}
