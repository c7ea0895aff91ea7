package io.parley.simulation.calibration;

import io.parley.simulation.device.Device;
import io.parley.simulation.device.Efficiency;
import io.parley.simulation.device.ModelShape;
import io.parley.simulation.device.Roofline;
import io.parley.simulation.device.Work;
import java.util.List;

/**
 * From measured steps to the device that would take as long.
 *
 * <p>Two steps that differ in their context alone give the speed of attention. What attention
 * leaves of each other step is its matrix products, whose speed becomes the table of efficiency;
 * the overhead of a step is in there too. The bandwidth is the highest that a step was seen to
 * need, so that it bounds no step like those that were measured: weights of a few megabytes come
 * from a cache, and how fast memory is cannot be told from them.
 */
final class DeviceFit {
  private DeviceFit() {}

  /** A step and how long it took. */
  record Measured(Work work, long nanos) {
    double seconds() {
      return nanos / 1e9;
    }
  }

  /**
   * Fits a device.
   *
   * @param shortContext and {@code longContext} differ in their context alone
   * @param steps by rising numbers of tokens
   */
  static Device fit(
      String name,
      ModelShape model,
      long memoryBytes,
      Measured shortContext,
      Measured longContext,
      List<Measured> steps) {
    Device unit =
        new Device(name, 1, 1, memoryBytes, Efficiency.constant(1), 1, 1, 0); // to count with
    Roofline count = new Roofline(unit, model);
    double attention =
        (count.attentionFlops(longContext.work()) - count.attentionFlops(shortContext.work()))
            / Math.max(1e-9, longContext.seconds() - shortContext.seconds());
    double[] speeds = new double[steps.size()];
    double peak = attention;
    double bandwidth = 1;
    for (int i = 0; i < speeds.length; i++) {
      Measured step = steps.get(i);
      double left = step.seconds() - count.attentionFlops(step.work()) / attention;
      speeds[i] = count.matrixFlops(step.work()) / Math.max(left, step.seconds() / 10);
      peak = Math.max(peak, speeds[i]);
      bandwidth = Math.max(bandwidth, count.bytes(step.work()) / step.seconds());
    }
    bandwidth = Math.max(bandwidth, count.bytes(longContext.work()) / longContext.seconds());
    int[] tokens = steps.stream().mapToInt(step -> step.work().tokens()).toArray();
    double[] shares = new double[speeds.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = speeds[i] / peak;
    }
    return new Device(
        name, peak, bandwidth, memoryBytes, new Efficiency(tokens, shares), attention / peak, 1, 0);
  }
}
