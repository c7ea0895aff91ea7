package io.parley.simulation.device;

import io.parley.common.ParleyException;
import io.parley.engine.EngineLimits;
import java.util.List;

/**
 * A device, the model on it and the limits of its engine: what one replica is.
 *
 * @param name under which the command line knows it
 * @param about one line for people
 * @param kvCacheBytes memory for keys and values
 * @param contextTokens prompt and answer together at most
 * @param blockTokens tokens in a block
 * @param maxBatchTokens tokens of a step at most
 * @param maxSequences sequences that run at once
 * @param maxWaiting sequences that wait
 */
public record Preset(
    String name,
    String about,
    Device device,
    ModelShape model,
    long kvCacheBytes,
    int contextTokens,
    int blockTokens,
    int maxBatchTokens,
    int maxSequences,
    int maxWaiting) {
  /** Memory that serving programs leave free for activations and fragments. */
  private static final double USABLE_MEMORY = 0.9;

  /** The presets by name. */
  public static final List<Preset> ALL = List.of(h100With8b(), h100With70b(), cpuWithParleyBase());

  /** The preset of that name. */
  public static Preset named(String name) {
    return ALL.stream()
        .filter(preset -> preset.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                ParleyException.invalid(
                    "preset must be one of %s: %s"
                        .formatted(ALL.stream().map(Preset::name).toList(), name)));
  }

  /** The limits of the engine, with another budget for a step. */
  public EngineLimits limits(int batchTokens) {
    long bytesPerBlock = model.kvBytesPerToken() * blockTokens;
    return new EngineLimits(
        contextTokens,
        (int) Math.min(Integer.MAX_VALUE, kvCacheBytes / bytesPerBlock),
        blockTokens,
        batchTokens,
        maxSequences,
        maxWaiting);
  }

  /**
   * One H100 SXM5: 989 TFLOP/s of dense BF16, 80 GB at 3.35 TB/s by the data sheet. The shares of
   * the peak, the overhead and 50 GB/s of the 64 of PCIe 5 are assumptions in the range that
   * serving programs report.
   */
  private static Preset h100With8b() {
    ModelShape model = ModelShape.llama("8B, BF16", 4096, 14336, 32, 32, 8, 128, 128_256);
    Device device =
        new Device(
            "H100 80 GB",
            989.4e12,
            3.35e12,
            80_000_000_000L,
            Efficiency.constant(0.6),
            0.4,
            0.75,
            Double.POSITIVE_INFINITY,
            50e9,
            1_000_000);
    return accelerator("h100-8b", device, model, 1024, 256);
  }

  /**
   * Four H100 as one by tensor parallelism: four times the compute, bandwidth and memory. Each
   * layer ends in two all-reduces, 160 in a step; at 15 µs each they are 2.4 ms of overhead, and
   * the smaller shares of matrices cost some of the compute share.
   */
  private static Preset h100With70b() {
    ModelShape model = ModelShape.llama("70B, BF16", 8192, 28672, 80, 64, 8, 128, 128_256);
    Device device =
        new Device(
            "4 × H100 80 GB",
            4 * 989.4e12,
            4 * 3.35e12,
            4 * 80_000_000_000L,
            Efficiency.constant(0.5),
            0.4,
            0.7,
            Double.POSITIVE_INFINITY,
            4 * 50e9,
            3_400_000);
    return accelerator("h100-70b", device, model, 512, 256);
  }

  private static Preset accelerator(
      String name, Device device, ModelShape model, int maxBatchTokens, int maxSequences) {
    return new Preset(
        name,
        "%s on %s".formatted(model.name(), device.name()),
        device,
        model,
        (long) (USABLE_MEMORY * device.memoryBytes()) - model.weightBytes(),
        16_384,
        32,
        maxBatchTokens,
        maxSequences,
        1024);
  }

  /** As {@code ./parley simulate --calibrate models/parley-base.gguf} fitted it. */
  private static Preset cpuWithParleyBase() {
    ModelShape model =
        new ModelShape(
            "parley-base, Q8_0",
            ModelShape.llamaLayerParameters(256, 768, 6, 8, 4, 32),
            256L * 2048,
            0,
            1.0625,
            6,
            8,
            4,
            32,
            4);
    Device device =
        new Device(
            "one core, Zen 4",
            76.6e9,
            7.7e9,
            8_000_000_000L,
            new Efficiency(
                new int[] {
                  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 20, 24, 28, 32, 40, 48, 64,
                  96, 128, 192, 256, 384, 512
                },
                new double[] {
                  0.191, 0.294, 0.431, 0.613, 0.494, 0.612, 0.630, 0.684, 0.517, 0.556, 0.585,
                  0.627, 0.574, 0.603, 0.640, 0.703, 0.658, 0.713, 0.705, 0.738, 0.755, 0.769,
                  0.790, 0.973, 1.000, 0.990, 0.978, 0.999, 0.986
                }),
            0.497,
            1,
            6.4e9,
            0);
    return new Preset(
        "cpu-parley-base",
        "parley-base on one core",
        device,
        model,
        256L << 20,
        2048,
        16,
        512,
        64,
        1024);
  }
}
