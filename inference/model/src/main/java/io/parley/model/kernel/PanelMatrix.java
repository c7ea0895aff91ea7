package io.parley.model.kernel;

import static io.parley.model.kernel.Lanes.PANEL;

import java.util.Arrays;

/**
 * A matrix cut into panels of {@link Lanes#PANEL} rows, the last filled up with zeros. In a panel
 * the weights of one column stand beside each other, so that a lane is an output row, an activation
 * is a broadcast scalar, and no sum ever runs across lanes.
 *
 * <p>One row of activations goes through four panels at a time, whose eight vectors of sums hide
 * the latency of the multiply-add; weights are decoded in registers. More rows share the cost of
 * decoding: a tile of one panel is decoded into the workspace, where the first-level cache holds
 * it, and a microkernel takes eight rows of activations at a time across it.
 */
abstract sealed class PanelMatrix implements WeightMatrix
    permits F32Panels, F16Panels, Bf16Panels, Q80Panels {
  static final int PANELS_AT_ONCE = 4;

  /** Up to so many rows go one by one; for more, decoding to a tile pays. */
  private static final int FEW_ROWS = 2;

  /** Columns of a tile: with 32 rows 16 KB, half of a usual first-level cache. */
  static final int TILE_COLUMNS = 128;

  /** Where sums of an incomplete panel stand in the workspace, behind the tile. */
  private static final int SPILL = TILE_COLUMNS * PANEL;

  final int rows;
  final int columns;
  final int panels;

  PanelMatrix(MatrixShape shape) {
    rows = shape.rows();
    columns = shape.columns();
    panels = Math.ceilDiv(rows, PANEL);
    assert SPILL + Microkernel.MOST_ROWS * PANEL <= WORKSPACE_LENGTH;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  /**
   * Multiplies one row of activations, {@code x[xAt...]}, by four complete panels.
   *
   * @param panel the first of them
   * @param outAt where the results of the matrix's first row would go
   */
  abstract void multiplyFourPanels(int panel, float[] x, int xAt, float[] out, int outAt);

  /** Decodes columns [from, to) of a panel to the start of {@code tile}, column by column. */
  abstract void decode(int panel, int from, int to, float[] tile);

  @Override
  public void multiply(float[] x, int count, float[] out, float[] workspace) {
    int panel = 0;
    if (count <= FEW_ROWS) {
      int complete = rows / PANEL;
      for (; panel + PANELS_AT_ONCE <= complete; panel += PANELS_AT_ONCE) {
        for (int m = 0; m < count; m++) {
          multiplyFourPanels(panel, x, m * columns, out, m * rows);
        }
      }
    }
    for (; panel < panels; panel++) {
      multiplyPanel(panel, x, count, out, workspace);
    }
  }

  /** Multiplies all rows of activations by one panel, tile by tile. */
  void multiplyPanel(int panel, float[] x, int count, float[] out, float[] workspace) {
    for (int m = 0; m < count; m++) {
      Arrays.fill(out, m * rows + panel * PANEL, Math.min(rows, (panel + 1) * PANEL) + m * rows, 0);
    }
    for (int from = 0; from < columns; from += TILE_COLUMNS) {
      int to = Math.min(columns - from, TILE_COLUMNS) + from;
      decode(panel, from, to, workspace);
      multiplyTile(panel, from, to, x, count, out, workspace);
    }
  }

  private void multiplyTile(
      int panel, int from, int to, float[] x, int count, float[] out, float[] workspace) {
    boolean complete = (panel + 1) * PANEL <= rows;
    for (int m = 0; m < count; m += Microkernel.MOST_ROWS) {
      int some = Math.min(count - m, Microkernel.MOST_ROWS);
      int xAt = m * columns + from;
      int outAt = m * rows + panel * PANEL;
      if (complete) {
        Microkernel.run(workspace, to - from, x, xAt, columns, some, out, outAt, rows);
      } else {
        int lanes = rows - panel * PANEL;
        for (int i = 0; i < some; i++) {
          System.arraycopy(out, outAt + i * rows, workspace, SPILL + i * PANEL, lanes);
        }
        Microkernel.run(workspace, to - from, x, xAt, columns, some, workspace, SPILL, PANEL);
        for (int i = 0; i < some; i++) {
          System.arraycopy(workspace, SPILL + i * PANEL, out, outAt + i * rows, lanes);
        }
      }
    }
  }
}
