package io.parley.simulation.calibration;

import io.parley.model.decoder.DecoderConfig;
import io.parley.model.decoder.DecoderModel;
import io.parley.model.family.Families;
import io.parley.model.gguf.GgufFile;
import io.parley.simulation.calibration.DeviceFit.Contexts;
import io.parley.simulation.calibration.DeviceFit.Measured;
import io.parley.simulation.device.Device;
import io.parley.simulation.device.ModelShape;
import io.parley.simulation.device.Roofline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Formatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A device fitted to the kernels of this machine, and what it says of steps that it was not fitted
 * to.
 *
 * @param device that was fitted
 * @param fitted the steps of the fit
 * @param checks other steps: other batch sizes, contexts and mixtures
 */
public record Calibration(ModelShape model, Device device, List<Step> fitted, List<Step> checks) {
  /** An error of a check that is not too large, as a share. */
  public static final double TOLERANCE = 0.15;

  private static final int SHORT_CONTEXT = 64;
  private static final int LONG_CONTEXT = 1024;

  /** Decodes with a long context; the fit has the same with a short one. */
  private static final List<StepShape> LONG_DECODES = decodes(LONG_CONTEXT, 1, 4, 8, 16, 32, 64);

  /** Prompts far from their beginning; the fit has the same at their beginning. */
  private static final List<StepShape> LATE_PROMPTS = prompts(896, 128, 256, 512);

  /**
   * One by one where they are few: kernels cut the rows of a step into groups of their own, and a
   * group that is not full is slower for each row.
   */
  private static final List<StepShape> FIT =
      flat(
          List.of(
              decodes(SHORT_CONTEXT, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16),
              decodes(SHORT_CONTEXT, 20, 24, 28, 32, 40, 48, 64),
              prompts(0, 96, 128, 192, 256, 384, 512)));

  /** Numbers of rows between those of the fit, other contexts, mixtures. */
  private static final List<StepShape> CHECKS =
      flat(
          List.of(
              decodes(200, 2, 3, 6, 9, 11, 13, 18, 22, 27, 36, 44, 56),
              decodes(700, 1, 5, 19),
              prompts(100, 11, 18, 44, 80, 160, 300, 448),
              List.of(
                  new StepShape(8, 200, 56, 0),
                  new StepShape(31, 150, 97, 0),
                  new StepShape(16, 300, 240, 128))));

  private static List<StepShape> decodes(int context, int... sequences) {
    return IntStream.of(sequences).mapToObj(n -> StepShape.decode(n, context)).toList();
  }

  private static List<StepShape> prompts(int start, int... tokens) {
    return IntStream.of(tokens).mapToObj(n -> StepShape.prefill(n, start)).toList();
  }

  private static List<StepShape> flat(List<List<StepShape>> parts) {
    return parts.stream().flatMap(List::stream).toList();
  }

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
      List<StepShape> all = shapes();
      long[] nanos = new KernelBench(weights, cpuNanos, all).measure(all);
      Map<StepShape, Measured> measured = new HashMap<>();
      for (int i = 0; i < nanos.length; i++) {
        measured.put(all.get(i), new Measured(all.get(i).work(), nanos[i]));
      }
      return of(model, measured);
    }
  }

  /** From the times of all steps. */
  static Calibration of(ModelShape model, Map<StepShape, Measured> measured) {
    List<StepShape> contexts = flat(List.of(LONG_DECODES, LATE_PROMPTS));
    Device device =
        DeviceFit.fit(
            "one core of this machine",
            model,
            Runtime.getRuntime().maxMemory(),
            contexts.stream().map(longer -> contexts(longer, measured)).toList(),
            FIT.stream().map(shape -> get(measured, shape)).toList());
    Roofline roofline = new Roofline(device, model);
    return new Calibration(
        model,
        device,
        flat(List.of(contexts, FIT)).stream()
            .map(shape -> step(shape, measured, roofline))
            .toList(),
        CHECKS.stream().map(shape -> step(shape, measured, roofline)).toList());
  }

  /** The steps that {@link #of} needs the times of. */
  static List<StepShape> shapes() {
    return flat(List.of(LONG_DECODES, LATE_PROMPTS, FIT, CHECKS));
  }

  private static Contexts contexts(StepShape longer, Map<StepShape, Measured> measured) {
    StepShape shorter =
        longer.chunk() == 0
            ? StepShape.decode(longer.decoding(), SHORT_CONTEXT)
            : StepShape.prefill(longer.chunk(), 0);
    return new Contexts(get(measured, shorter), get(measured, longer));
  }

  private static Step step(StepShape shape, Map<StepShape, Measured> measured, Roofline roofline) {
    Measured step = get(measured, shape);
    return new Step(shape.describe(), step.nanos(), roofline.stepNanos(step.work()));
  }

  private static Measured get(Map<StepShape, Measured> measured, StepShape shape) {
    Measured step = measured.get(shape);
    if (step == null) {
      throw new IllegalArgumentException("not measured: " + shape.describe());
    }
    return step;
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

  /** Whether no check is off by more than {@link #TOLERANCE}. */
  public boolean holds() {
    return worstError() <= TOLERANCE;
  }

  /** All of it as a table. */
  public String text() {
    Formatter text = new Formatter(new StringBuilder(), Locale.ROOT);
    text.format("%s on %s%n%n", model.name(), device.name());
    text.format("matrix products   %.1f GFLOP/s at best%n", device.flopsPerSecond() / 1e9);
    text.format(
        "  for tokens      %s%n",
        join(IntStream.of(device.compute().tokens()).asDoubleStream(), "%.0f"));
    text.format("  shares of it    %s%n", join(DoubleStream.of(device.compute().shares()), "%.3f"));
    text.format("attention         %.3f of it%n", device.attentionShare());
    text.format("keys and values   %.1f GB/s%n", device.contextBytesPerSecond() / 1e9);
    text.format("weights           %.1f GB/s at least%n", device.bytesPerSecond() / 1e9);
    appendSteps(text, "fitted to", fitted);
    appendSteps(text, "checked with", checks);
    text.format(
        "%nlargest error of the checks: %.1f %%, which is %s the %.0f %% allowed%n",
        100 * worstError(), holds() ? "within" : "MORE THAN", 100 * TOLERANCE);
    return text.toString();
  }

  private static String join(DoubleStream values, String format) {
    return values
        .mapToObj(value -> String.format(Locale.ROOT, format, value))
        .collect(Collectors.joining(", "));
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
