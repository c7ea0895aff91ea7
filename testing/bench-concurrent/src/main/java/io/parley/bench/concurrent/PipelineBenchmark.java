package io.parley.bench.concurrent;

import io.parley.concurrent.pipeline.BlockPipeline;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * 500 blocks of 64 kB, hashed in order by two workers, beside a parallel stream. One pass over a
 * block is about a microsecond: with 8 the price of handing blocks over is seen, with 400 what a
 * block costs that is parsed or compressed.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class PipelineBenchmark {
  private static final int BLOCKS = 500;
  private final byte[] block = new byte[1 << 16];

  @Param({"8", "400"})
  int passes;

  private long hash(int salt) {
    CRC32C crc = new CRC32C();
    crc.update(salt);
    for (int i = 0; i < passes; i++) {
      crc.update(block);
    }
    return crc.getValue();
  }

  @Benchmark
  public long pipeline() throws InterruptedException, ExecutionException {
    long[] sum = {0};
    new BlockPipeline(2, 8, 1, Thread::new)
        .<Integer, Long>run(
            IntStream.range(0, BLOCKS).boxed().iterator(),
            (index, salt, attempt) -> hash(salt),
            (index, result) -> sum[0] = sum[0] * 31 + result);
    return sum[0];
  }

  /** Ordered as well, but with all results in memory, and without retries. */
  @Benchmark
  public long parallelStream() {
    return IntStream.range(0, BLOCKS).parallel().mapToObj(this::hash).toList().stream()
        .reduce(0L, (sum, result) -> sum * 31 + result);
  }

  @Benchmark
  public long oneThread() {
    return IntStream.range(0, BLOCKS).mapToLong(this::hash).reduce(0, (a, b) -> a * 31 + b);
  }
}
