package io.parley.simulation.fleet;

import io.parley.serving.routing.WorkerLoads;
import java.util.List;

/** What the router was told at the last report, and what it has sent since. */
final class LoadBoard implements WorkerLoads {
  private final int[] loads;
  private final boolean[] accepts;
  private int accepting;
  private long sum;

  LoadBoard(int replicas) {
    loads = new int[replicas];
    accepts = new boolean[replicas];
  }

  void report(List<Replica> replicas) {
    accepting = 0;
    sum = 0;
    for (int i = 0; i < loads.length; i++) {
      loads[i] = replicas.get(i).outstanding();
      accepts[i] = replicas.get(i).isUp();
      accepting += accepts[i] ? 1 : 0;
      sum += accepts[i] ? loads[i] : 0;
    }
  }

  void sent(int replica) {
    loads[replica]++;
    sum++;
  }

  @Override
  public int workers() {
    return loads.length;
  }

  @Override
  public boolean accepts(int worker) {
    return accepts[worker];
  }

  @Override
  public double load(int worker) {
    return loads[worker];
  }

  @Override
  public double meanLoad() {
    return accepting == 0 ? 0 : (double) sum / accepting;
  }
}
