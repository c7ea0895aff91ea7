package io.parley.simulation.calibration;

import io.parley.simulation.device.Device;
import io.parley.simulation.device.Efficiency;
import io.parley.simulation.device.ModelShape;
import io.parley.simulation.device.Roofline;
import io.parley.simulation.device.Work;
import java.util.Arrays;
import java.util.List;

/**
 * From measured steps to the device that would take as long.
 *
 * <p>Attention has two prices: one for each position that a token attends to, and one for reading
 * keys and values from memory, which a decoding sequence pays for one token and a prompt once for
 * many. Two pairs of steps that differ in their context alone, one of decodes and one of prompts,
 * are two equations for them. What attention leaves of each other step is its matrix products,
 * whose speed becomes the table of efficiency; the overhead of a step is in there too. The
 * bandwidth is the highest that a step was seen to need, so that it bounds no step like those that
 * were measured: weights of a few megabytes come from a cache, and how fast memory is cannot be
 * told from them.
 */
final class DeviceFit {
  private DeviceFit() {}

  /** A step and how long it took. */
  record Measured(Work work, long nanos) {
    double seconds() {
      return nanos / 1e9;
    }
  }

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
   * @param contexts decodes with a short and a long context, prompts with a short and a long one
   * @param steps by rising numbers of tokens
   */
  static Device fit(
      String name,
      ModelShape model,
      long memoryBytes,
      List<Measured> contexts,
      List<Measured> steps) {
    Device unit = // to count with
        new Device(name, 1, 1, memoryBytes, Efficiency.constant(1), 1, 1, 1, 0);
    Roofline count = new Roofline(unit, model);
    AttentionPrice attention = attentionPrice(count, contexts);
    double[] speeds = new double[steps.size()];
    double bandwidth = 1;
    for (int i = 0; i < speeds.length; i++) {
      Measured step = steps.get(i);
      double left = step.seconds() - attention.seconds(count, step.work());
      speeds[i] = count.matrixFlops(step.work()) / Math.max(left, step.seconds() / 10);
    }
    for (Measured step : contexts) {
      bandwidth = Math.max(bandwidth, count.bytes(step.work()) / step.seconds());
    }
    for (Measured step : steps) {
      bandwidth = Math.max(bandwidth, count.bytes(step.work()) / step.seconds());
    }
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

  /** Cramer's rule on the two differences; neither price is less than next to nothing. */
  private static AttentionPrice attentionPrice(Roofline count, List<Measured> contexts) {
    double[] decode = difference(count, contexts.get(0), contexts.get(1));
    double[] prompt = difference(count, contexts.get(2), contexts.get(3));
    double determinant = decode[0] * prompt[1] - prompt[0] * decode[1];
    double perFlop = (decode[2] * prompt[1] - prompt[2] * decode[1]) / determinant;
    double perByte = (decode[0] * prompt[2] - prompt[0] * decode[2]) / determinant;
    return new AttentionPrice(Math.max(1e-15, perFlop), Math.max(1e-15, perByte));
  }

  /** Operations, bytes and seconds that the longer context takes more. */
  private static double[] difference(Roofline count, Measured from, Measured to) {
    return new double[] {
      count.attentionFlops(to.work()) - count.attentionFlops(from.work()),
      count.contextBytes(to.work()) - count.contextBytes(from.work()),
      to.seconds() - from.seconds()
    };
  }
}
