package io.parley.model.kernel;

/**
 * Rows of activations in the order in which {@link Microkernel} reads them: for every tile of
 * {@link PanelMatrix#TILE_COLUMNS} columns, block after block of eight rows, and in a block the
 * eight values of one column beside each other, columns by their {@link SumOrder places}. So the
 * inner loop walks through memory in a straight line, whatever the width of the rows; read in
 * place, rows whose width is a multiple of the cache's period would push each other out of it.
 *
 * <p>Free places of the last block repeat the last row.
 */
final class PackedRows {
  static final int BLOCK = 8;

  final float[] values;
  final int count;
  private final int padded;
  private final int columns;
  private final Arithmetic arithmetic;

  private PackedRows(float[] values, int count, int columns, Arithmetic arithmetic) {
    this.values = values;
    this.count = count;
    this.padded = padded(count);
    this.columns = columns;
    this.arithmetic = arithmetic;
  }

  private static int padded(int count) {
    return Math.ceilDiv(count, BLOCK) * BLOCK;
  }

  /** Rounds the first {@code count} rows of {@code x} and puts columns in their places. */
  static float[] inPlaces(
      float[] x, int count, int columns, Arithmetic arithmetic, Workspace workspace) {
    float[] values = workspace.packed((long) count * columns);
    for (int at = 0; at < count * columns; at += columns) {
      for (int c = 0; c + 1 < columns; c += 2) {
        values[at + c] = arithmetic.round(x[at + c + 1]);
        values[at + c + 1] = arithmetic.round(x[at + c]);
      }
      if (columns % 2 != 0) {
        values[at + columns - 1] = arithmetic.round(x[at + columns - 1]);
      }
    }
    return values;
  }

  /** Rounds and packs the first {@code count} rows of {@code x}. */
  static PackedRows of(
      float[] x, int count, int columns, Arithmetic arithmetic, Workspace workspace) {
    float[] values = workspace.packed((long) padded(count) * columns);
    PackedRows packed = new PackedRows(values, count, columns, arithmetic);
    workspace
        .pool()
        .run(padded(count) / BLOCK, (from, to, worker) -> packed.packBlocks(x, from, to));
    return packed;
  }

  /** Where the values of one block begin for a tile. */
  int at(int fromColumn, int block) {
    return fromColumn * padded + block * BLOCK * tileWidth(fromColumn);
  }

  private int tileWidth(int fromColumn) {
    return Math.min(columns - fromColumn, PanelMatrix.TILE_COLUMNS);
  }

  private void packBlocks(float[] x, int from, int to) {
    for (int block = from; block < to; block++) {
      for (int column = 0; column < columns; column += PanelMatrix.TILE_COLUMNS) {
        pack(x, block, column);
      }
    }
  }

  private void pack(float[] x, int block, int fromColumn) {
    int width = tileWidth(fromColumn);
    int at = at(fromColumn, block);
    for (int pair = 0; pair < BLOCK; pair += 2) {
      int x0 = row(block * BLOCK + pair) + fromColumn;
      int x1 = row(block * BLOCK + pair + 1) + fromColumn;
      for (int c = 0; c < width; c++) {
        int from = SumOrder.place(c, width);
        values[at + c * BLOCK + pair] = arithmetic.round(x[x0 + from]);
        values[at + c * BLOCK + pair + 1] = arithmetic.round(x[x1 + from]);
      }
    }
  }

  private int row(int index) {
    return Math.min(index, count - 1) * columns;
  }
}
