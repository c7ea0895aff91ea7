package io.parley.bench;

import io.parley.common.TimeSource;
import io.parley.model.kernel.ComputePool;
import io.parley.model.kernel.Kernels;
import io.parley.model.kernel.MachinePeaks;
import io.parley.model.kernel.WeightMatrix;
import io.parley.model.kernel.Workspace;
import io.parley.model.tensor.Tensor;
import io.parley.model.tensor.TensorType;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;

/**
 * What was chosen for this machine, and how near it comes to what the machine can do: one row of
 * activations against memory bandwidth, many rows against the peak of multiply-adds. And what a
 * request waits for that costs no processor time.
 */
final class Doctor {
  private static final int COLUMNS = 2_048;

  /** What one row of activations is multiplied by: more than any cache, whatever the type. */
  private static final long BYTES_READ = 128L << 20;

  private static final int TILED_ROWS = 2_048;
  private static final int MANY = 64;
  private static final int RUNS = 8;

  private final PrintStream out;
  private final ComputePool pool;
  private final TimeSource time;
  private final Kernels kernels;

  Doctor(PrintStream out, Kernels kernels, ComputePool pool, TimeSource time) {
    this.out = out;
    this.kernels = kernels;
    this.pool = pool;
    this.time = time;
  }

  /**
   * Prints what it finds.
   *
   * @param directory whose disk is to be looked at
   */
  void examine(Path directory) throws IOException {
    int bits = MachinePeaks.vectorBits();
    print("java       %s, %s".formatted(Runtime.version(), System.getProperty("os.arch")));
    print("kernels    " + kernels.description());
    print("threads    " + pool.threads());
    flags(bits);
    print("sync       %.0f µs, in %s".formatted(DiskSync.p50Micros(directory, time), directory));
    if (bits > 0) {
      MachinePeaks peaks = new MachinePeaks(pool, time::nanoTime);
      double gigaflops = peaks.gigaflops();
      double bandwidth = peaks.gigabytesPerSecond();
      print("peak       %.0f GFLOP/s (f32 multiply-add)".formatted(gigaflops));
      print("memory     %.1f GB/s (read)".formatted(bandwidth));
      print("");
      print("weights    one row: GB/s, of memory     " + MANY + " rows: GFLOP/s, of the f32 peak");
      kernels.warmUp(EnumSet.allOf(TensorType.class), 64, 16);
      for (TensorType type : TensorType.values()) {
        examine(type, gigaflops, bandwidth);
      }
    }
  }

  private void flags(int bits) {
    List<String> given = ManagementFactory.getRuntimeMXBean().getInputArguments();
    if (bits == 0) {
      print("missing    --add-modules jdk.incubator.vector, or a processor with 256-bit vectors");
    }
    if (given.stream().noneMatch(flag -> flag.contains("UseTransparentHugePages"))) {
      print("missing    -XX:+UseTransparentHugePages: large models read memory in fewer pages");
    }
    if (IdleProcessors.haltAtOnce(Path.of("/sys"))) {
      print(
          "missing    guest_halt_poll_ns: waiting for disks and threads takes longer (operations.md)");
    }
  }

  private void examine(TensorType type, double gigaflops, double bandwidth) {
    int rows = (int) (BYTES_READ / type.bytes(COLUMNS));
    double bytes = type.bytes((long) rows * COLUMNS);
    double read = bytes / nanos(type, rows, 1);
    double computed = 2.0 * TILED_ROWS * COLUMNS * MANY / nanos(type, TILED_ROWS, MANY);
    print(
        "%-10s %14.1f, %4.0f %% %27.0f, %4.0f %%"
            .formatted(type, read, 100 * read / bandwidth, computed, 100 * computed / gigaflops));
  }

  private double nanos(TensorType type, int rows, int count) {
    byte[] zeros = new byte[(int) type.bytes((long) rows * COLUMNS)];
    WeightMatrix matrix =
        kernels.matrix(
            new Tensor(
                "doctor",
                List.of((long) COLUMNS, (long) rows),
                type,
                MemorySegment.ofArray(zeros)));
    Workspace workspace = new Workspace(pool);
    float[] x = new float[count * COLUMNS];
    float[] result = new float[count * rows];
    long least = Long.MAX_VALUE;
    for (int run = 0; run < RUNS; run++) {
      long began = time.nanoTime();
      matrix.multiply(x, count, result, workspace);
      least = Math.min(least, time.nanoTime() - began);
    }
    return least;
  }

  private void print(String line) {
    out.println(line);
  }
}
