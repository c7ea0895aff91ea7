package io.parley.bench;

import static java.nio.file.StandardOpenOption.WRITE;

import io.parley.common.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;

/**
 * What a disk takes to write a little over zeros and sync it, as the usage journal does: the part
 * of a request that no code makes shorter.
 */
final class DiskSync {
  static final int BYTES = 500;

  private static final int TIMES = 2_000;

  private DiskSync() {}

  /**
   * Microseconds of a sync, half of them less; takes about a third of a second.
   *
   * @param directory where to write
   */
  static double p50Micros(Path directory, TimeSource time) throws IOException {
    Path file = Files.createTempFile(directory, "sync", ".tmp");
    try (FileChannel channel = FileChannel.open(file, WRITE)) {
      writeFully(channel, TIMES * BYTES, 0);
      channel.force(true);
      Histogram nanos = new Histogram(3);
      for (int i = 0; i < TIMES; i++) {
        long began = time.nanoTime();
        writeFully(channel, BYTES, (long) i * BYTES);
        channel.force(false);
        nanos.recordValue(time.nanoTime() - began);
      }
      return nanos.getValueAtPercentile(50) / 1e3;
    } finally {
      Files.delete(file);
    }
  }

  private static void writeFully(FileChannel channel, int count, long at) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      channel.write(bytes, at + bytes.position());
    }
  }
}
