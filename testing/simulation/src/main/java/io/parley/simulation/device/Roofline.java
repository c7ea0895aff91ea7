package io.parley.simulation.device;

import io.parley.engine.EngineLimits;

/**
 * How long a step takes: as long as its operations or its memory traffic, whichever is longer, and
 * the overhead (Williams, Waterman and Patterson, "Roofline", 2009). Weights are read once a step,
 * whatever its size; the keys and values of each sequence once a step. Immutable.
 *
 * <p>What it leaves out: traffic of activations, and that a kernel bound by one resource seldom
 * overlaps perfectly with another bound by the other.
 */
public final class Roofline {
  private static final double NANOS = 1e9;

  private final Device device;
  private final ModelShape model;
  private final int blockTokens;

  /** For a key-value cache in blocks of the usual size. */
  public Roofline(Device device, ModelShape model) {
    this(device, model, EngineLimits.DEFAULT_BLOCK_TOKENS);
  }

  public Roofline(Device device, ModelShape model, int blockTokens) {
    this.device = device;
    this.model = model;
    this.blockTokens = blockTokens;
  }

  /** The time of a step in nanoseconds, at least 1. */
  public long stepNanos(Work work) {
    double seconds = Math.max(computeSeconds(work), memorySeconds(work));
    return Math.max(1, Math.round(seconds * NANOS) + device.stepOverheadNanos())
        + copyNanos(work.copiedBlocks());
  }

  /** The time that copies of blocks take, which come before everything else. */
  long copyNanos(int blocks) {
    double bytes = (double) blocks * blockTokens * model.kvBytesPerToken();
    return Math.round(bytes / device.hostBytesPerSecond() * NANOS);
  }

  private double computeSeconds(Work work) {
    double matrices = matrixFlops(work) / device.compute().at(work.tokens());
    double flops = matrices + attentionFlops(work) / device.attentionShare();
    return flops / device.flopsPerSecond() + contextBytes(work) / device.contextBytesPerSecond();
  }

  private double memorySeconds(Work work) {
    return bytes(work) / device.memoryShare() / device.bytesPerSecond();
  }

  /** Operations of a step. */
  public double flops(Work work) {
    return matrixFlops(work) + attentionFlops(work);
  }

  /** Operations of the matrix products: two for each weight and token. */
  public double matrixFlops(Work work) {
    return 2.0 * model.layerParameters() * work.tokens()
        + 2.0 * model.outputParameters() * work.rows();
  }

  /** Operations of attention. */
  public double attentionFlops(Work work) {
    return (double) model.attentionFlopsPerPosition() * work.attendedPositions();
  }

  /** Bytes that a step reads. */
  public double bytes(Work work) {
    return model.weightBytesRead() + contextBytes(work);
  }

  /** Of these, keys and values. */
  public double contextBytes(Work work) {
    return (double) model.kvBytesPerToken() * work.contextTokens();
  }
}
