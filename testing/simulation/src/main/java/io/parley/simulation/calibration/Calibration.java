package io.parley.simulation.calibration;

import io.parley.model.decoder.DecoderConfig;
import io.parley.model.decoder.DecoderModel;
import io.parley.model.family.Families;
import io.parley.model.gguf.GgufFile;
import io.parley.simulation.calibration.DeviceFit.Measured;
import io.parley.simulation.device.Device;
import io.parley.simulation.device.ModelShape;
import io.parley.simulation.device.Roofline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * A device fitted to the kernels of this machine, and what it says of steps that it was not fitted
 * to.
 *
 * @param device that was fitted
 * @param fitted the steps of the fit
 * @param checks other steps: other batch sizes, contexts and mixtures
 */
public record Calibration(ModelShape model, Device device, List<Step> fitted, List<Step> checks) {
  private static final List<StepShape> CONTEXTS =
      List.of(
          StepShape.decode(8, 64),
          StepShape.decode(8, 1024),
          StepShape.prefill(128, 0),
          StepShape.prefill(128, 896));
  private static final List<StepShape> FIT =
      List.of(
          StepShape.decode(1, 64),
          StepShape.decode(2, 64),
          StepShape.decode(4, 64),
          StepShape.decode(8, 64),
          StepShape.decode(16, 64),
          StepShape.decode(32, 64),
          StepShape.decode(64, 64),
          StepShape.prefill(128, 0),
          StepShape.prefill(256, 0),
          StepShape.prefill(512, 0));
  private static final List<StepShape> CHECKS =
      List.of(
          StepShape.decode(1, 700),
          StepShape.decode(3, 200),
          StepShape.decode(6, 200),
          StepShape.decode(12, 200),
          StepShape.decode(24, 200),
          StepShape.decode(48, 200),
          StepShape.prefill(40, 100),
          StepShape.prefill(96, 100),
          StepShape.prefill(200, 100),
          StepShape.prefill(384, 100),
          new StepShape(8, 200, 56, 0),
          new StepShape(16, 300, 240, 128));

  /**
   * A step, measured and predicted.
   *
   * @param shape what it computes
   */
  public record Step(String shape, long measuredNanos, long predictedNanos) {
    /** How far the prediction is off: 0.1 if it is a tenth too long. */
    public double error() {
      return (double) predictedNanos / measuredNanos - 1;
    }
  }

  /**
   * Measures one core of this machine for some seconds.
   *
   * @param cpuNanos processor time that the calling thread has taken
   * @throws io.parley.model.source.ModelFileException if the file is not a model that Parley can
   *     run
   */
  public static Calibration of(Path file, LongSupplier cpuNanos) throws IOException {
    try (GgufFile gguf = GgufFile.open(file)) {
      DecoderModel weights = Families.load(gguf);
      ModelShape model = shape(file, weights.config(), gguf);
      List<StepShape> all = new ArrayList<>(CONTEXTS);
      all.addAll(FIT);
      all.addAll(CHECKS);
      long[] nanos = new KernelBench(weights, cpuNanos, all).measure(all);
      return of(model, all, nanos);
    }
  }

  private static Calibration of(ModelShape model, List<StepShape> all, long[] nanos) {
    List<Measured> measured = new ArrayList<>();
    for (int i = 0; i < nanos.length; i++) {
      measured.add(new Measured(all.get(i).work(), nanos[i]));
    }
    int fitEnd = CONTEXTS.size() + FIT.size();
    Device device =
        DeviceFit.fit(
            "one core of this machine",
            model,
            Runtime.getRuntime().maxMemory(),
            measured.subList(0, CONTEXTS.size()),
            measured.subList(CONTEXTS.size(), fitEnd));
    List<Step> steps = new ArrayList<>();
    Roofline roofline = new Roofline(device, model);
    for (int i = 0; i < nanos.length; i++) {
      steps.add(
          new Step(all.get(i).describe(), nanos[i], roofline.stepNanos(measured.get(i).work())));
    }
    return new Calibration(
        model, device, List.copyOf(steps.subList(0, fitEnd)), steps.subList(fitEnd, steps.size()));
  }

  private static ModelShape shape(Path file, DecoderConfig config, GgufFile gguf)
      throws IOException {
    long layers =
        ModelShape.llamaLayerParameters(
            config.width(),
            config.feedForwardWidth(),
            config.layers(),
            config.heads(),
            config.kvHeads(),
            config.headSize());
    long output = (long) config.width() * config.vocabularySize();
    long embedding = gguf.tensors().containsKey("output.weight") ? output : 0;
    return new ModelShape(
        String.valueOf(file.getFileName()),
        layers,
        output,
        embedding,
        (double) Files.size(file) / (layers + output + embedding),
        config.layers(),
        config.heads(),
        config.kvHeads(),
        config.headSize(),
        Float.BYTES);
  }

  /** The largest error of the checks, as a share, without its sign. */
  public double worstError() {
    return checks.stream().mapToDouble(step -> Math.abs(step.error())).max().orElse(0);
  }

  /** All of it as a table. */
  public String text() {
    Formatter text = new Formatter(new StringBuilder(), Locale.ROOT);
    text.format("%s on %s%n%n", model.name(), device.name());
    text.format("matrix products   %.1f GFLOP/s at best%n", device.flopsPerSecond() / 1e9);
    for (int i = 0; i < device.compute().tokens().length; i++) {
      text.format(
          "  %3d tokens      %.3f of it%n",
          device.compute().tokens()[i], device.compute().shares()[i]);
    }
    text.format("attention         %.3f of it%n", device.attentionShare());
    text.format("keys and values   %.1f GB/s%n", device.contextBytesPerSecond() / 1e9);
    text.format("weights           %.1f GB/s at least%n", device.bytesPerSecond() / 1e9);
    appendSteps(text, "fitted to", fitted);
    appendSteps(text, "checked with", checks);
    text.format("%nlargest error of the checks: %.1f %%%n", 100 * worstError());
    return text.toString();
  }

  private static void appendSteps(Formatter text, String title, List<Step> steps) {
    text.format("%n%-34s %12s %12s %8s%n", title, "measured µs", "predicted µs", "error %");
    for (Step step : steps) {
      text.format(
          "%-34s %12.1f %12.1f %+8.1f%n",
          step.shape(),
          step.measuredNanos() / 1e3,
          step.predictedNanos() / 1e3,
          100 * step.error());
    }
  }
}
