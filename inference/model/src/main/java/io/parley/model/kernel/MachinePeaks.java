package io.parley.model.kernel;

import static io.parley.model.kernel.Lanes.COUNT;
import static io.parley.model.kernel.Lanes.FLOATS;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.LongSupplier;
import jdk.incubator.vector.FloatVector;

/**
 * What this machine can do at most, as the roof over its kernels (Williams et al. 2009,
 * "Roofline"): multiply-adds from registers, and floats read from memory, by the same vectors as
 * the kernels'. Each figure is the best of several rounds.
 */
public final class MachinePeaks {
  private static final int ROUNDS = 8;
  private static final int TURNS = 4_000_000;
  private static final int CHAINS = 8;

  /** 256 MB: more than any cache. */
  private static final int FLOATS_READ = 1 << 26;

  private final ComputePool pool;
  private final LongSupplier nanoTime;
  private final DoubleAdder sink = new DoubleAdder();

  /**
   * @param nanoTime a clock that counts nanoseconds
   */
  public MachinePeaks(ComputePool pool, LongSupplier nanoTime) {
    this.pool = pool;
    this.nanoTime = nanoTime;
  }

  /** Bits of the vectors that kernels use; 0 if they are scalar. */
  public static int vectorBits() {
    return Kernels.best() instanceof VectorKernels ? COUNT * Float.SIZE : 0;
  }

  /** Billions of operations a second, a multiply-add being two, of all threads together. */
  public double gigaflops() {
    int tasks = pool.threads() * 4;
    double operations = 2.0 * CHAINS * COUNT * TURNS / 4 * tasks;
    return operations / least(() -> pool.run(tasks, (from, to, worker) -> multiplyAdd(to - from)));
  }

  private void multiplyAdd(int times) {
    FloatVector factor = FloatVector.broadcast(FLOATS, 0.999f);
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    FloatVector e = a;
    FloatVector f = a;
    FloatVector g = a;
    FloatVector h = a;
    for (int i = 0; i < times * (TURNS / 4); i++) {
      a = a.fma(factor, factor);
      b = b.fma(factor, factor);
      c = c.fma(factor, factor);
      d = d.fma(factor, factor);
      e = e.fma(factor, factor);
      f = f.fma(factor, factor);
      g = g.fma(factor, factor);
      h = h.fma(factor, factor);
    }
    sink.add(a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).lane(0));
  }

  /** Billions of bytes that all threads together read from memory in a second. */
  public double gigabytesPerSecond() {
    float[] memory = new float[FLOATS_READ];
    int unit = 1 << 16;
    return (double) FLOATS_READ
        * Float.BYTES
        / least(
            () ->
                pool.run(
                    FLOATS_READ / unit,
                    (from, to, worker) -> read(memory, from * unit, to * unit)));
  }

  private void read(float[] memory, int from, int to) {
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int i = from; i < to; i += 4 * COUNT) {
      a = a.add(FloatVector.fromArray(FLOATS, memory, i));
      b = b.add(FloatVector.fromArray(FLOATS, memory, i + COUNT));
      c = c.add(FloatVector.fromArray(FLOATS, memory, i + 2 * COUNT));
      d = d.add(FloatVector.fromArray(FLOATS, memory, i + 3 * COUNT));
    }
    sink.add(a.add(b).add(c).add(d).lane(0));
  }

  private long least(Runnable run) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long began = nanoTime.getAsLong();
      run.run();
      least = Math.min(least, nanoTime.getAsLong() - began);
    }
    return least;
  }
}
