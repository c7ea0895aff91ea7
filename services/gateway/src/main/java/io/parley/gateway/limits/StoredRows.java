package io.parley.gateway.limits;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Rows of numbers as they are stored, each found by the id in its first column. A search looks at
 * every row: an update touches one of them and is then stored, so an index would be made for every
 * search. In no order. Belongs to one thread.
 */
final class StoredRows {
  private final int width;
  private long[] cells;
  private int size;

  private StoredRows(int width, long[] cells, int size) {
    this.width = width;
    this.cells = cells;
    this.size = size;
  }

  /** No rows of so many columns. */
  static StoredRows none(int width) {
    return new StoredRows(width, new long[width], 0);
  }

  /** What {@link #writeTo} wrote. */
  static StoredRows read(ByteBuffer in, int width) {
    int size = in.getInt();
    long[] cells = new long[(size + 1) * width]; // with room for one more
    in.asLongBuffer().get(cells, 0, size * width);
    in.position(in.position() + size * width * Long.BYTES);
    return new StoredRows(width, cells, size);
  }

  /** How many bytes {@link #writeTo} writes. */
  int bytes() {
    return Integer.BYTES + size * width * Long.BYTES;
  }

  void writeTo(ByteBuffer out) {
    out.putInt(size);
    out.asLongBuffer().put(cells, 0, size * width);
    out.position(out.position() + size * width * Long.BYTES);
  }

  int size() {
    return size;
  }

  /** Where the row of that id is; negative if it is nowhere. */
  int find(long id) {
    for (int row = 0; row < size; row++) {
      if (cells[row * width] == id) {
        return row;
      }
    }
    return -1;
  }

  long cell(int row, int column) {
    return cells[row * width + column];
  }

  void set(int row, int column, long value) {
    cells[row * width + column] = value;
  }

  void add(long... row) {
    if (cells.length < (size + 1) * width) {
      cells = Arrays.copyOf(cells, 2 * cells.length);
    }
    System.arraycopy(row, 0, cells, size * width, width);
    size++;
  }

  /** The last row takes its place. */
  void remove(int row) {
    size--;
    System.arraycopy(cells, size * width, cells, row * width, width);
  }

  /** Removes the rows that have no more than this in a column. */
  void removeUpTo(long limit, int column) {
    for (int row = size - 1; row >= 0; row--) {
      if (cell(row, column) <= limit) {
        remove(row);
      }
    }
  }

  /** The largest number of a column; {@code least} if there is none that is larger. */
  long max(int column, long least) {
    long max = least;
    for (int row = 0; row < size; row++) {
      max = Math.max(max, cell(row, column));
    }
    return max;
  }
}
