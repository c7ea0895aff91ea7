package io.parley.model.kernel;

import static io.parley.model.kernel.Lanes.COUNT;
import static io.parley.model.kernel.Lanes.FLOATS;
import static io.parley.model.kernel.Lanes.PANEL;
import static io.parley.model.kernel.Lanes.SHORTS;

import io.parley.model.kernel.onednn.OneDnn;
import io.parley.model.kernel.onednn.PanelProduct;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Products of many rows of activations by oneDNN. Weights stay as their panels keep them: a block
 * of columns of a few panels is decoded, rounded to BF16 and laid in pairs into scratch memory,
 * where the library multiplies it by all rows. Whatever is quantised how is therefore the panels'
 * concern, and nothing is kept twice. Thread-safe.
 */
final class NativeProducts {
  /** Fewer rows are faster by vectors, which need not write the decoded weights down. */
  static final int LEAST_ROWS = 9;

  /** The library takes rows in portions of these sizes; the last portion is filled up. */
  private static final int LARGE = 128;

  private static final int SMALL = 16;

  /** Columns that the library's layout of weights is made of. */
  private static final int UNIT = 32;

  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE);

  private final OneDnn oneDnn;

  NativeProducts(OneDnn oneDnn) {
    this.oneDnn = oneDnn;
  }

  /** Whether panels are as wide as the library's. */
  static boolean supported() {
    return PANEL == PanelProduct.PANEL;
  }

  OneDnn oneDnn() {
    return oneDnn;
  }

  /** As {@link WeightMatrix#multiply}. */
  void multiply(PanelMatrix matrix, float[] x, int count, float[] out, Workspace workspace) {
    NativeScratch scratch = workspace.nativeScratch(oneDnn);
    Rows rows = Rows.of(x, count, matrix.columns, scratch, workspace.pool());
    workspace
        .pool()
        .run(
            matrix.panels,
            (from, to, worker) -> {
              oneDnn.computeAlone();
              for (int panel = from; panel < to; panel += NativeScratch.PANELS) {
                Group group = new Group(matrix, panel, Math.min(to - panel, NativeScratch.PANELS));
                group.multiply(rows, out, scratch.part(worker), workspace.scratch(worker));
              }
            });
  }

  /**
   * Rounded activations, row by row.
   *
   * @param stride elements from row to row: not a power of two, or rows would push each other out
   *     of the cache
   */
  private record Rows(MemorySegment values, int count, int columns, int stride) {
    static Rows of(float[] x, int count, int columns, NativeScratch scratch, ComputePool pool) {
      int stride = padded(columns) + UNIT;
      long padded = Math.ceilDiv(count, SMALL) * (long) SMALL;
      Rows rows =
          new Rows(scratch.activations(padded * stride * Short.BYTES), count, columns, stride);
      pool.run(
          count,
          (from, to, worker) -> {
            for (int row = from; row < to; row++) {
              rows.put(row, x);
            }
          });
      return rows;
    }

    long address(int row, int column) {
      return values.address() + offset(row, column);
    }

    private long offset(int row, int column) {
      return ((long) row * stride + column) * Short.BYTES;
    }

    /** What stands behind the last column is multiplied by zero, so it must be a number: zero. */
    private void put(int row, float[] x) {
      int at = row * columns;
      int whole = FLOATS.loopBound(columns);
      for (int c = 0; c < whole; c += COUNT) {
        ((ShortVector)
                FloatVector.fromArray(FLOATS, x, at + c)
                    .reinterpretAsInts()
                    .add(Arithmetic.BF16.addend)
                    .lanewise(VectorOperators.LSHR, Short.SIZE)
                    .castShape(SHORTS, 0))
            .intoMemorySegment(values, offset(row, c), LITTLE);
      }
      for (int c = whole; c < padded(columns); c++) {
        float value = c < columns ? Arithmetic.BF16.round(x[at + c]) : 0;
        values.set(SHORT, offset(row, c), (short) (Float.floatToRawIntBits(value) >>> Short.SIZE));
      }
    }
  }

  private static int padded(int columns) {
    return Math.ceilDiv(columns, UNIT) * UNIT;
  }

  /** A few panels of a matrix, multiplied by one thread. */
  private record Group(PanelMatrix matrix, int panel, int panels) {
    private int width() {
      return panels * PANEL;
    }

    void multiply(Rows rows, float[] out, NativeScratch.Part part, float[] tile) {
      for (int row = 0; row < rows.count; row += NativeScratch.ROWS) {
        int some = Math.min(rows.count - row, NativeScratch.ROWS);
        for (int column = 0; column < matrix.columns; column += SumOrder.BLOCK_COLUMNS) {
          int end = Math.min(matrix.columns - column, SumOrder.BLOCK_COLUMNS) + column;
          decode(column, end, part.weights, tile);
          multiply(rows, row, some, column, end, part);
        }
        copy(part.sums, some, out, row);
      }
    }

    /** Columns that fill up the library's layout are multiplied by zeros, but must be numbers. */
    private void decode(int from, int to, MemorySegment weights, float[] tile) {
      long length = (long) padded(to - from) * PANEL * Short.BYTES;
      long used = (long) Math.ceilDiv(to - from, 2) * PANEL * Integer.BYTES;
      for (int i = 0; i < panels; i++) {
        matrix.decodePairs(panel + i, from, to, weights, i * length, tile);
        weights.asSlice(i * length + used, length - used).fill((byte) 0);
      }
    }

    private void multiply(
        Rows rows, int row, int count, int from, int to, NativeScratch.Part part) {
      for (int done = 0; done < count; ) {
        int portion = count - done >= LARGE ? LARGE : SMALL;
        part.product(
                new PanelProduct.Shape(portion, padded(to - from), panels, rows.stride, from > 0))
            .run(
                rows.address(row + done, from),
                part.sums.address() + (long) done * width() * Float.BYTES);
        done += portion;
      }
    }

    private void copy(MemorySegment sums, int count, float[] out, int row) {
      int length = Math.min(width(), matrix.rows - panel * PANEL);
      for (int m = 0; m < count; m++) {
        MemorySegment.copy(
            sums,
            ValueLayout.JAVA_FLOAT,
            (long) m * width() * Float.BYTES,
            out,
            (row + m) * matrix.rows + panel * PANEL,
            length);
      }
    }
  }
}
