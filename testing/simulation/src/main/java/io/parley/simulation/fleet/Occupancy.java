package io.parley.simulation.fleet;

import io.parley.engine.EngineGauges;
import java.util.List;

/** How full the fleet is, looked at after every interval that is measured. */
final class Occupancy {
  private final long fromNanos;
  private final long toNanos;
  private final long[] running = new long[Statistics.BUCKETS];
  private final long[] waiting = new long[Statistics.BUCKETS];
  private final long[] looks = new long[Statistics.BUCKETS];
  private long blocksInUse;
  private long blocks;

  Occupancy(FleetSettings settings) {
    this.fromNanos = settings.measureFromNanos();
    this.toNanos = settings.measureToNanos();
  }

  void observe(List<Replica> replicas, long nowNanos) {
    if (nowNanos < fromNanos || nowNanos >= toNanos) {
      return;
    }
    int bucket = (int) ((nowNanos - fromNanos) * Statistics.BUCKETS / (toNanos - fromNanos));
    looks[bucket]++;
    for (Replica replica : replicas) {
      EngineGauges gauges = replica.gauges();
      running[bucket] += gauges.running();
      waiting[bucket] += replica.outstanding() - gauges.running();
      blocksInUse += gauges.blocksInUse();
      blocks += gauges.blocks();
    }
  }

  /** Mean share of the blocks that sequences hold. */
  double blocksInUse() {
    return blocks == 0 ? 0 : (double) blocksInUse / blocks;
  }

  /** Sequences that run, all replicas together, over time. */
  double[] running() {
    return means(running);
  }

  /** Requests that are at a replica and do not run. */
  double[] waiting() {
    return means(waiting);
  }

  private double[] means(long[] sums) {
    double[] means = new double[sums.length];
    for (int i = 0; i < sums.length; i++) {
      means[i] = looks[i] == 0 ? 0 : (double) sums[i] / looks[i];
    }
    return means;
  }
}
