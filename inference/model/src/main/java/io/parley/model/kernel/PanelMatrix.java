package io.parley.model.kernel;

import static io.parley.model.kernel.Lanes.COUNT;
import static io.parley.model.kernel.Lanes.FLOATS;
import static io.parley.model.kernel.Lanes.PANEL;

import io.parley.model.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * A matrix cut into panels of {@link Lanes#PANEL} rows, the last filled up with zeros. In a panel
 * the weights of one column stand beside each other, so that a lane is an output row, an activation
 * is a broadcast scalar, and no sum ever runs across lanes. Panels are what the threads of a pool
 * share. Columns stand in the order of {@link SumOrder}.
 *
 * <p>One or two rows of activations go through four panels at a time, whose eight vectors of sums
 * hide the latency of the multiply-add; weights are decoded in registers, and memory sets the pace.
 * More rows share the cost of decoding: a tile of one panel is decoded into scratch memory, where
 * the second-level cache holds it, and a microkernel takes eight rows of activations at a time
 * across it. Tiles go through all panels of a thread before the next columns come, so that the
 * activations of those columns stay in the cache too. Where there is {@link NativeProducts native
 * code}, many rows are its own.
 */
abstract sealed class PanelMatrix implements WeightMatrix
    permits F32Panels, F16Panels, Bf16Panels, QuantizedPanels {
  static final int PANELS_AT_ONCE = 4;

  /** Columns of a tile, which is a block of the sum: with 32 rows 64 KB. */
  static final int TILE_COLUMNS = SumOrder.BLOCK_COLUMNS;

  /** Fewer multiply-adds than this are not worth the wake-up of a thread. */
  private static final long LEAST_TO_SHARE = 1 << 15;

  /** Where sums of an incomplete panel stand in the scratch memory, behind the tile. */
  private static final int SPILL = TILE_COLUMNS * PANEL;

  /** Where the sums of four panels stand, behind that. */
  static final int FOUR_SUMS = SPILL + PackedRows.BLOCK * PANEL;

  /** Where the scales of four panels stand, behind that. */
  static final int SCALES = FOUR_SUMS + PANELS_AT_ONCE * PANEL;

  /** Floats that each thread needs. */
  static final int SCRATCH_LENGTH = SCALES + PANELS_AT_ONCE * BlockScales.LENGTH;

  private final TensorType type;
  private final Arithmetic arithmetic;
  private final @Nullable NativeLibrary nativeCode;
  final int addend;
  final int mask;

  /** Whether weights are rounded at all; the compiler makes two loops of one that asks. */
  final boolean rounds;

  final int rows;
  final int columns;
  final int panels;

  PanelMatrix(TensorType type, MatrixShape shape, Multiplication multiplication) {
    this.type = type;
    arithmetic = multiplication.arithmetic();
    nativeCode = multiplication.nativeCode();
    addend = arithmetic.addend;
    mask = arithmetic.mask;
    rounds = arithmetic != Arithmetic.F32;
    rows = shape.rows();
    columns = shape.columns();
    panels = Math.ceilDiv(rows, PANEL);
  }

  @Override
  public TensorType type() {
    return type;
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
   * Adds places [from, to) of one row of activations, {@code x[xAt...]}, times four complete panels
   * to the sums at {@link #FOUR_SUMS} in the scratch memory.
   *
   * @param panel the first of them
   */
  abstract void multiplyFourPanels(
      int panel, int from, int to, float[] x, int xAt, float[] scratch);

  /** Decodes places [from, to) of a panel, rounded, to the start of {@code scratch}. */
  abstract void decode(int panel, int from, int to, float[] scratch);

  /**
   * Decodes places [from, to) of a panel, in BF16, two columns to an int: {@code [pair][row in
   * panel]}, the first column in the lower half.
   *
   * @param at where in {@code weights} they go, in bytes
   */
  void decodePairs(int panel, int from, int to, MemorySegment weights, long at, float[] scratch) {
    decode(panel, from, to, scratch);
    int pairs = (to - from) / 2;
    for (int i = 0; i < pairs * PANEL; i += COUNT) {
      int place = i / PANEL * 2 * PANEL + i % PANEL;
      FloatVector.fromArray(FLOATS, scratch, place)
          .reinterpretAsInts()
          .or(
              FloatVector.fromArray(FLOATS, scratch, place + PANEL)
                  .reinterpretAsInts()
                  .lanewise(VectorOperators.LSHR, Short.SIZE))
          .intoMemorySegment(weights, at + (long) i * Integer.BYTES, ByteOrder.LITTLE_ENDIAN);
    }
    for (int i = pairs * PANEL; i < (to - from + 1) / 2 * PANEL; i += COUNT) {
      FloatVector.fromArray(FLOATS, scratch, pairs * 2 * PANEL + i % PANEL)
          .reinterpretAsInts()
          .lanewise(VectorOperators.LSHR, Short.SIZE)
          .intoMemorySegment(weights, at + (long) i * Integer.BYTES, ByteOrder.LITTLE_ENDIAN);
    }
  }

  /** Up to so many rows go one by one, through four panels at a time. */
  int mostRowsOneByOne() {
    return 2;
  }

  /** Up to so many rows {@link #multiplyInRegisters} is faster than a tile; 0 if never. */
  int mostRowsInRegisters() {
    return 0;
  }

  /**
   * Adds places [from, to) of a complete panel times packed rows to {@code out}, without a tile.
   *
   * @param rows at most eight, and at most {@link #mostRowsInRegisters}
   */
  void multiplyInRegisters(
      int panel,
      int from,
      int to,
      float[] x,
      int xAt,
      int rows,
      float[] out,
      int outAt,
      int outStride,
      float[] scratch) {
    throw new UnsupportedOperationException(getClass() + " decodes to tiles");
  }

  @Override
  public final void multiply(float[] x, int count, float[] out, Workspace workspace) {
    NativeProducts products = nativeCode == null ? null : nativeCode.products();
    if (products != null && count >= NativeProducts.LEAST_ROWS) {
      products.multiply(this, x, count, out, workspace);
    } else {
      multiplyByVectors(x, count, out, workspace);
    }
  }

  private void multiplyByVectors(float[] x, int count, float[] out, Workspace workspace) {
    boolean few = count <= mostRowsOneByOne() && rows >= PANELS_AT_ONCE * PANEL;
    if (few) {
      float[] placed = PackedRows.inPlaces(x, count, columns, arithmetic, workspace);
      int units = Math.ceilDiv(rows / PANEL, PANELS_AT_ONCE);
      run(units, count, few(placed, count, out, workspace), workspace);
    }
    if (!few || rows % PANEL != 0) {
      PackedRows packed = PackedRows.of(x, count, columns, arithmetic, workspace);
      ComputePool.Task task = many(packed, out, workspace);
      if (few) {
        task.run(panels - 1, panels, 0);
      } else {
        run(panels, count, task, workspace);
      }
    }
  }

  private void run(int units, int count, ComputePool.Task task, Workspace workspace) {
    if ((long) rows * columns * count < LEAST_TO_SHARE) {
      task.run(0, units, 0);
    } else {
      workspace.pool().run(units, task);
    }
  }

  /** A unit is four complete panels; the last four may overlap those before, to the same result. */
  private ComputePool.Task few(float[] x, int count, float[] out, Workspace workspace) {
    int last = rows / PANEL - PANELS_AT_ONCE;
    return (from, to, worker) -> {
      for (int unit = from; unit < to; unit++) {
        for (int m = 0; m < count; m++) {
          int panel = Math.min(unit * PANELS_AT_ONCE, last);
          multiplyFourPanels(
              panel, x, m * columns, out, m * rows + panel * PANEL, workspace.scratch(worker));
        }
      }
    };
  }

  /** Sums stand in memory of the thread until they are whole: two may compute the same panel. */
  private void multiplyFourPanels(
      int panel, float[] x, int xAt, float[] out, int outAt, float[] scratch) {
    int length = PANELS_AT_ONCE * PANEL;
    Arrays.fill(scratch, FOUR_SUMS, FOUR_SUMS + length, 0);
    for (int column = 0; column < columns; column += TILE_COLUMNS) {
      int end = Math.min(columns - column, TILE_COLUMNS) + column;
      multiplyFourPanels(panel, column, end, x, xAt, scratch);
    }
    System.arraycopy(scratch, FOUR_SUMS, out, outAt, length);
  }

  /** A unit is a panel. */
  private ComputePool.Task many(PackedRows x, float[] out, Workspace workspace) {
    return (from, to, worker) -> multiplyPanels(from, to, x, out, workspace.scratch(worker));
  }

  /** Multiplies all rows of activations by some panels, tile by tile. */
  private void multiplyPanels(int from, int to, PackedRows x, float[] out, float[] scratch) {
    for (int m = 0; m < x.count; m++) {
      Arrays.fill(out, m * rows + from * PANEL, m * rows + Math.min(rows, to * PANEL), 0);
    }
    for (int column = 0; column < columns; column += TILE_COLUMNS) {
      int end = Math.min(columns - column, TILE_COLUMNS) + column;
      for (int panel = from; panel < to; panel++) {
        if (x.count <= mostRowsInRegisters() && (panel + 1) * PANEL <= rows) {
          multiplyInRegisters(panel, column, end, x, out, scratch);
        } else {
          decode(panel, column, end, scratch);
          multiplyTile(panel, column, end, x, out, scratch);
        }
      }
    }
  }

  private void multiplyInRegisters(
      int panel, int from, int to, PackedRows x, float[] out, float[] scratch) {
    for (int m = 0; m < x.count; m += PackedRows.BLOCK) {
      int some = Math.min(x.count - m, PackedRows.BLOCK);
      int xAt = x.at(from, m / PackedRows.BLOCK);
      int outAt = m * rows + panel * PANEL;
      multiplyInRegisters(panel, from, to, x.values, xAt, some, out, outAt, rows, scratch);
    }
  }

  private void multiplyTile(
      int panel, int from, int to, PackedRows x, float[] out, float[] scratch) {
    boolean complete = (panel + 1) * PANEL <= rows;
    for (int m = 0; m < x.count; m += PackedRows.BLOCK) {
      int some = Math.min(x.count - m, PackedRows.BLOCK);
      int xAt = x.at(from, m / PackedRows.BLOCK);
      int outAt = m * rows + panel * PANEL;
      if (complete) {
        Microkernel.run(scratch, to - from, x.values, xAt, some, out, outAt, rows);
      } else {
        int lanes = rows - panel * PANEL;
        copy(out, outAt, rows, scratch, SPILL, PANEL, some, lanes);
        Microkernel.run(scratch, to - from, x.values, xAt, some, scratch, SPILL, PANEL);
        copy(scratch, SPILL, PANEL, out, outAt, rows, some, lanes);
      }
    }
  }

  private static void copy(
      float[] from,
      int fromAt,
      int fromStride,
      float[] to,
      int toAt,
      int toStride,
      int count,
      int length) {
    for (int i = 0; i < count; i++) {
      System.arraycopy(from, fromAt + i * fromStride, to, toAt + i * toStride, length);
    }
  }
}
