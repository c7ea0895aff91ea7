package io.parley.model.kernel;

import io.parley.model.kernel.onednn.OneDnn;
import org.jspecify.annotations.Nullable;

/**
 * Memory that a multiplication may overwrite, and the threads that share it. Grows to what its
 * largest user needs and is then used again. Belongs to one caller; while a call runs, each of the
 * pool's threads has a part of its own.
 */
public final class Workspace {
  private final ComputePool pool;
  private final float[][] scratch;
  private float[] packed = new float[0];
  private @Nullable NativeScratch nativeScratch;

  /** Shares work between the threads of a pool. */
  public Workspace(ComputePool pool) {
    this.pool = pool;
    this.scratch = new float[pool.threads()][PanelMatrix.SCRATCH_LENGTH];
  }

  /** Computes on the caller's thread. */
  public Workspace() {
    this(ComputePool.alone());
  }

  ComputePool pool() {
    return pool;
  }

  /** {@link PanelMatrix#SCRATCH_LENGTH} floats of one thread. */
  float[] scratch(int worker) {
    return scratch[worker];
  }

  /** What native products need; made when the first asks for it. */
  NativeScratch nativeScratch(OneDnn oneDnn) {
    NativeScratch scratch = nativeScratch;
    if (scratch == null) {
      scratch = new NativeScratch(oneDnn, pool.threads());
      nativeScratch = scratch;
    }
    return scratch;
  }

  /** Room for packed activations; what was there before is lost. */
  float[] packed(long length) {
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("too many activations at once: " + length);
    }
    if (packed.length < length) {
      packed = new float[(int) length];
    }
    return packed;
  }
}
