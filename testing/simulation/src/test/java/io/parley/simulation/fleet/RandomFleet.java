package io.parley.simulation.fleet;

import io.parley.serving.routing.RoutingSettings;
import io.parley.simulation.device.Device;
import io.parley.simulation.device.Efficiency;
import io.parley.simulation.device.ModelShape;
import io.parley.simulation.device.Preset;
import io.parley.simulation.trace.Arrival;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;

/** A small fleet with tight limits, faults and a random trace for it: all from one seed. */
final class RandomFleet {
  static final int TENANTS = 5;
  private static final ModelShape MODEL = new ModelShape("tiny", 1000, 100, 0, 1, 1, 1, 1, 1, 1);

  private final SplittableRandom random;
  private final FleetSettings settings;
  private final List<Arrival> arrivals;

  RandomFleet(long seed) {
    random = new SplittableRandom(seed);
    settings = settings(seed);
    arrivals = arrivals();
  }

  int requests() {
    return arrivals.size();
  }

  FleetReport play(ExecutorService executor, int threads) {
    return new Fleet(settings, TENANTS, executor, threads).play(arrivals.iterator());
  }

  private FleetSettings settings(long seed) {
    Preset preset = preset();
    int budget =
        random.nextInt(4) == 0
            ? preset.contextTokens() + preset.maxSequences()
            : preset.maxBatchTokens();
    Policy policy =
        new Policy(
            "random",
            random.nextInt(4) == 0 ? Batching.STATIC : Batching.CONTINUOUS,
            budget,
            random.nextBoolean() ? RoutingSettings.DEFAULT : RoutingSettings.WITHOUT_AFFINITY,
            random.nextInt(4) > 0,
            random.nextBoolean() ? Sharing.FAIR : Sharing.ARRIVAL,
            random.nextBoolean() ? 0 : random.nextLong(1 << 10));
    return new FleetSettings(
        preset,
        random.nextInt(1, 5),
        policy,
        faults(),
        new ServiceLevel(50_000_000, 5_000_000),
        random.nextLong(100_000, 20_000_000),
        random.nextInt(1, 4),
        0,
        3_600_000_000_000L,
        seed,
        true);
  }

  private Preset preset() {
    int context = random.nextInt(8, 96);
    int blockTokens = 1 << random.nextInt(5);
    int blocks = Math.ceilDiv(context, blockTokens);
    int maxSequences = random.nextInt(1, 9);
    // A step takes 1 ms and 10 µs a token.
    Device device =
        new Device("slow", 2.2e8, 1e9, 1 << 20, Efficiency.constant(1), 1, 1, 1e12, 1_000_000);
    return new Preset(
        "tiny",
        "for tests",
        device,
        MODEL,
        MODEL.kvBytesPerToken() * blockTokens * (blocks + random.nextInt(3 * blocks + 1)),
        context,
        blockTokens,
        maxSequences + random.nextInt(24),
        maxSequences,
        random.nextInt(1, 16));
  }

  private Faults faults() {
    if (random.nextInt(3) == 0) {
      return Faults.NONE;
    }
    return new Faults(
        random.nextDouble(0.05, 1),
        random.nextDouble(0.001, 0.2),
        random.nextDouble(0.1, 2),
        random.nextDouble(0.01, 0.3),
        random.nextInt(2) * random.nextDouble(0.05));
  }

  private List<Arrival> arrivals() {
    int context = settings.preset().contextTokens();
    int count = random.nextInt(5, 60);
    long duration = random.nextLong(10_000_000, 600_000_000);
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      times.add(random.nextLong(duration));
    }
    times.sort(Comparator.naturalOrder());
    List<Arrival> drawn = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      drawn.add(arrival(i, times.get(i), context));
    }
    return drawn;
  }

  private Arrival arrival(int number, long at, int context) {
    int prompt = random.nextInt(1, context + 2);
    boolean shared = random.nextBoolean();
    return new Arrival(
        number,
        at,
        random.nextInt(TENANTS),
        shared ? random.nextInt(1, 4) : Arrival.NO_PREFIX,
        shared ? random.nextInt(prompt + 1) : 0,
        prompt,
        random.nextInt(1, 40),
        random.nextInt(1, 40),
        random.nextInt(5) == 0 ? at + 1 + random.nextLong(100_000_000) : Arrival.STAYS,
        random.nextInt(3) == 0,
        random.nextInt(6) == 0 ? 1 + random.nextLong(200_000_000) : Long.MAX_VALUE);
  }
}
