package io.parley.model.kernel;

import io.parley.model.tensor.Tensor;
import io.parley.model.tensor.TensorType;

/** A matrix decoded to floats, row by row: {@link SumOrder} as plain loops. */
final class ScalarMatrix implements WeightMatrix {
  private final TensorType type;
  private final int rows;
  private final int columns;
  private final float[] weights;
  private final Arithmetic arithmetic;

  ScalarMatrix(Tensor tensor, Arithmetic arithmetic) {
    this.arithmetic = arithmetic;
    MatrixShape shape = MatrixShape.of(tensor);
    type = tensor.type();
    rows = shape.rows();
    columns = shape.columns();
    weights = new float[shape.length(1)];
    shape.forEachRow(
        tensor, (row, values) -> System.arraycopy(values, 0, weights, row * columns, columns));
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
        for (int from = 0; from < columns; from += SumOrder.BLOCK_COLUMNS) {
          sum += block(from, x, m * columns, r * columns);
        }
        out[m * rows + r] = sum;
      }
    }
  }

  private float block(int from, float[] x, int xAt, int weightsAt) {
    int to = Math.min(columns - from, SumOrder.BLOCK_COLUMNS) + from;
    float sum = 0;
    for (int place = from; place < to; place++) {
      int c = SumOrder.place(place, columns);
      sum = Math.fma(arithmetic.round(x[xAt + c]), arithmetic.round(weights[weightsAt + c]), sum);
    }
    return sum;
  }

  @Override
  public void readRow(int row, float[] out, int at) {
    System.arraycopy(weights, row * columns, out, at, columns);
  }
}
