package io.parley.model.kernel;

import io.parley.model.tensor.Tensor;
import io.parley.model.tensor.TensorType;

/** A matrix decoded to F32, row by row. */
final class ScalarMatrix implements WeightMatrix {
  private final TensorType type;
  private final int rows;
  private final int columns;
  private final float[] weights;

  ScalarMatrix(Tensor tensor) {
    MatrixShape shape = MatrixShape.of(tensor);
    type = tensor.type();
    rows = shape.rows();
    columns = shape.columns();
    weights = new float[shape.length(1)];
    float[] row = new float[columns];
    for (int r = 0; r < rows; r++) {
      shape.readFinite(tensor, r, row);
      System.arraycopy(row, 0, weights, r * columns, columns);
    }
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

  @Override
  public void multiply(float[] x, int count, float[] out, Workspace workspace) {
    for (int m = 0; m < count; m++) {
      for (int r = 0; r < rows; r++) {
        float sum = 0;
        for (int c = 0; c < columns; c++) {
          sum = Math.fma(x[m * columns + c], weights[r * columns + c], sum);
        }
        out[m * rows + r] = sum;
      }
    }
  }

  @Override
  public void readRow(int row, float[] out, int at) {
    System.arraycopy(weights, row * columns, out, at, columns);
  }
}
