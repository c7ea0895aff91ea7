package io.parley.model.kernel;

import io.parley.model.tensor.Tensor;

/**
 * The shape of a tensor that is a matrix, and checked access to its rows.
 *
 * @param name of the tensor, for errors
 */
record MatrixShape(String name, int rows, int columns) {
  static MatrixShape of(Tensor tensor) {
    if (tensor.dimensions().size() != 2) {
      throw new IllegalArgumentException(
          "tensor %s has dimensions %s, not 2 as a matrix"
              .formatted(tensor.name(), tensor.dimensions()));
    }
    long columns = tensor.dimensions().get(0);
    long rows = tensor.dimensions().get(1);
    if (rows > Integer.MAX_VALUE - 1_024 || columns > Integer.MAX_VALUE - 1_024) {
      throw tooLarge(tensor.name());
    }
    return new MatrixShape(tensor.name(), (int) rows, (int) columns);
  }

  /** Elements of an array for this matrix with its rows filled up to a multiple of {@code unit}. */
  int length(int unit) {
    long padded = (rows + unit - 1L) / unit * unit * columns;
    if (padded > Integer.MAX_VALUE - 8) {
      throw tooLarge(name);
    }
    return (int) padded;
  }

  private static IllegalArgumentException tooLarge(String name) {
    return new IllegalArgumentException(
        "tensor " + name + " is too large: more than 2^31 elements");
  }

  /** Takes the decoded values of a row, in an array that is used again for the next. */
  interface RowReader {
    void read(int row, float[] values);
  }

  /** Decodes all rows in order and refuses values that are not finite. */
  void forEachRow(Tensor tensor, RowReader reader) {
    float[] values = new float[columns];
    tensor.forEachBand(
        band -> {
          for (int i = 0; i < band.count(); i++) {
            int row = (int) band.first() + i;
            band.read(i, values);
            requireFinite(row, values);
            reader.read(row, values);
          }
        });
  }

  private void requireFinite(int row, float[] values) {
    for (int c = 0; c < columns; c++) {
      if (!Float.isFinite(values[c])) {
        throw new IllegalArgumentException(
            "tensor %s is not finite at row %d, column %d".formatted(name, row, c));
      }
    }
  }
}
