package io.parley.simulation.calibration;

import io.parley.simulation.device.Device;
import io.parley.simulation.device.Efficiency;
import io.parley.simulation.device.ModelShape;
import io.parley.simulation.device.Roofline;
import io.parley.simulation.device.Work;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * From measured steps to the device that would take as long.
 *
 * <p>Attention has two prices: one for each position that a token attends to, and one for reading
 * keys and values from memory, which a decoding sequence pays for one token and a prompt once for
 * many. Pairs of steps that differ in their context alone, decodes and prompts, are equations for
 * them, more than there are unknowns: solved for the least squares of the relative errors. What
 * attention leaves of each other step is its matrix products, whose speed becomes the table of
 * efficiency; the overhead of a step is in there too. The bandwidth is the highest that a step was
 * seen to need, so that it bounds no step like those that were measured: weights of a few megabytes
 * come from a cache, and how fast memory is cannot be told from them.
 */
final class DeviceFit {
  private static final double NEXT_TO_NOTHING = 1e-15;

  private DeviceFit() {}

  /** A step and how long it took. */
  record Measured(Work work, long nanos) {
    double seconds() {
      return nanos / 1e9;
    }
  }

  /** A step with a short context and the same with a long one. */
  record Contexts(Measured shorter, Measured longer) {}

  /** What attention costs. */
  private record AttentionPrice(double secondsPerFlop, double secondsPerByte) {
    double seconds(Roofline count, Work work) {
      return count.attentionFlops(work) * secondsPerFlop
          + count.contextBytes(work) * secondsPerByte;
    }
  }

  /**
   * Fits a device.
   *
   * @param contexts decodes and prompts, at least one of each
   * @param steps by rising numbers of tokens
   */
  static Device fit(
      String name,
      ModelShape model,
      long memoryBytes,
      List<Contexts> contexts,
      List<Measured> steps) {
    Device unit = // to count with
        new Device(name, 1, 1, memoryBytes, Efficiency.constant(1), 1, 1, 1, 0);
    Roofline count = new Roofline(unit, model);
    AttentionPrice attention = attentionPrice(count, contexts);
    double[] speeds = new double[steps.size()];
    for (int i = 0; i < speeds.length; i++) {
      Measured step = steps.get(i);
      double left = step.seconds() - attention.seconds(count, step.work());
      speeds[i] = count.matrixFlops(step.work()) / Math.max(left, step.seconds() / 10);
    }
    double bandwidth =
        Stream.concat(steps.stream(), contexts.stream().map(Contexts::longer))
            .mapToDouble(step -> count.bytes(step.work()) / step.seconds())
            .max()
            .orElse(1);
    double peak = Math.max(Arrays.stream(speeds).max().orElse(1), 1 / attention.secondsPerFlop());
    return new Device(
        name,
        peak,
        bandwidth,
        memoryBytes,
        new Efficiency(
            steps.stream().mapToInt(step -> step.work().tokens()).toArray(),
            Arrays.stream(speeds).map(speed -> speed / peak).toArray()),
        1 / attention.secondsPerFlop() / peak,
        1,
        1 / attention.secondsPerByte(),
        0);
  }

  /**
   * The normal equations of the differences, each in shares of the longer time. A price that comes
   * out below nothing is next to nothing, and the other one bears all.
   */
  private static AttentionPrice attentionPrice(Roofline count, List<Contexts> contexts) {
    double ff = 0;
    double fb = 0;
    double bb = 0;
    double ft = 0;
    double bt = 0;
    for (Contexts pair : contexts) {
      Work from = pair.shorter().work();
      Work to = pair.longer().work();
      double unit = pair.longer().seconds();
      double flops = (count.attentionFlops(to) - count.attentionFlops(from)) / unit;
      double bytes = (count.contextBytes(to) - count.contextBytes(from)) / unit;
      double time = (unit - pair.shorter().seconds()) / unit;
      ff += flops * flops;
      fb += flops * bytes;
      bb += bytes * bytes;
      ft += flops * time;
      bt += bytes * time;
    }
    double determinant = ff * bb - fb * fb;
    double perFlop = (ft * bb - bt * fb) / determinant;
    double perByte = (bt * ff - ft * fb) / determinant;
    if (perFlop <= 0) {
      return new AttentionPrice(NEXT_TO_NOTHING, Math.max(NEXT_TO_NOTHING, bt / bb));
    }
    if (perByte <= 0) {
      return new AttentionPrice(Math.max(NEXT_TO_NOTHING, ft / ff), NEXT_TO_NOTHING);
    }
    return new AttentionPrice(perFlop, perByte);
  }
}
