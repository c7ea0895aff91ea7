package io.parley.simulation.device;

import io.parley.common.ParleyException;

/**
 * What computes: one accelerator, several that work as one, or a processor.
 *
 * @param name what people call it
 * @param flopsPerSecond peak floating-point operations a second, for the type of the weights
 * @param bytesPerSecond peak bandwidth of the memory that holds weights and key-value cache
 * @param memoryBytes that memory
 * @param compute share of the peak that matrix products reach
 * @param attentionShare share of the peak that attention reaches, in (0, 1]
 * @param memoryShare share of the peak bandwidth that is reached, in (0, 1]
 * @param contextBytesPerSecond how fast keys and values are read where nothing else goes on
 *     meanwhile, as on a processor core that waits for its memory; infinity where reading them
 *     overlaps with computing and counts against the bandwidth alone
 * @param hostBytesPerSecond how fast keys and values are copied to host memory or back
 * @param stepOverheadNanos what a step takes besides, in nanoseconds: launching kernels, sampling,
 *     talking between the parts of the device
 */
public record Device(
    String name,
    double flopsPerSecond,
    double bytesPerSecond,
    long memoryBytes,
    Efficiency compute,
    double attentionShare,
    double memoryShare,
    double contextBytesPerSecond,
    double hostBytesPerSecond,
    long stepOverheadNanos) {
  /** A processor, whose host memory is its own: a copy reads as much as it writes. */
  public Device(
      String name,
      double flopsPerSecond,
      double bytesPerSecond,
      long memoryBytes,
      Efficiency compute,
      double attentionShare,
      double memoryShare,
      double contextBytesPerSecond,
      long stepOverheadNanos) {
    this(
        name,
        flopsPerSecond,
        bytesPerSecond,
        memoryBytes,
        compute,
        attentionShare,
        memoryShare,
        contextBytesPerSecond,
        bytesPerSecond / 2,
        stepOverheadNanos);
  }

  public Device {
    positive("flops_per_second", flopsPerSecond, Double.MAX_VALUE);
    positive("bytes_per_second", bytesPerSecond, Double.MAX_VALUE);
    positive("memory_bytes", (double) memoryBytes, Double.MAX_VALUE);
    positive("attention_share", attentionShare, 1);
    positive("memory_share", memoryShare, 1);
    positive("context_bytes_per_second", contextBytesPerSecond, Double.POSITIVE_INFINITY);
    positive("host_bytes_per_second", hostBytesPerSecond, Double.MAX_VALUE);
    if (stepOverheadNanos < 0) {
      throw ParleyException.invalid("step_overhead must not be negative: " + stepOverheadNanos);
    }
  }

  private static void positive(String field, double value, double most) {
    if (!(value > 0 && value <= most)) {
      throw ParleyException.invalid("%s must be in (0, %s]: %s".formatted(field, most, value));
    }
  }
}
