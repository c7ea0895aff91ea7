package io.parley.model.kernel;

import io.parley.model.tensor.TensorType;

/**
 * A matrix of weights, {@link #rows()} outputs × {@link #columns()} inputs, in whatever layout its
 * kernel likes. Immutable and thread-safe.
 */
public interface WeightMatrix {
  /** Outputs. */
  int rows();

  /** Inputs. */
  int columns();

  /** How the weights were stored in the file. */
  TensorType type();

  /**
   * Multiplies rows of activations: {@code out[m][r] = sum over c of this[r][c] × x[m][c]}, added
   * up from the first column to the last by fused multiply-adds.
   *
   * @param x {@code count × columns()} activations, row by row, from index 0
   * @param count rows of activations, at least 1
   * @param out receives {@code count × rows()} results from index 0; not {@code x}
   * @param workspace of the caller; its pool may share the work, to the same bits
   */
  void multiply(float[] x, int count, float[] out, Workspace workspace);

  /** Decodes one row, {@link #columns()} values, to {@code out[at...]}. */
  void readRow(int row, float[] out, int at);
}
