package io.parley.model.kernel;

import io.parley.model.tensor.BlockCodes;
import io.parley.model.tensor.Tensor;

/**
 * Panels of quantised weights. A weight is {@code code × scale + bias} by one multiply-add, and
 * scale and bias are those of its row and group of columns: see {@link BlockScales}.
 */
abstract sealed class QuantizedPanels extends PanelMatrix permits BytePanels, NibblePanels {
  final BlockScales scales;

  QuantizedPanels(Tensor tensor, MatrixShape shape, Multiplication multiplication) {
    super(tensor.type(), shape, multiplication);
    scales = new BlockScales(tensor.type(), shape);
  }

  /** Takes all blocks of a tensor apart. */
  final void pack(Tensor tensor) {
    BlockCodes codes = new BlockCodes(tensor.type());
    int length = tensor.type().blockLength();
    long offset = 0;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column += length) {
        codes.read(tensor.data(), offset);
        requireFinite(tensor.name(), row, column, codes);
        scales.put(row, column / length, codes);
        put(row, column, codes, length);
        offset += tensor.type().blockBytes();
      }
    }
  }

  private static void requireFinite(String name, int row, int column, BlockCodes codes) {
    if (!Float.isFinite(Float.float16ToFloat(codes.d()))
        || !Float.isFinite(Float.float16ToFloat(codes.dMin()))) {
      throw new IllegalArgumentException(
          "tensor %s is not finite at row %d, column %d".formatted(name, row, column));
    }
  }

  /** The scales of four panels, to their place in the scratch memory. */
  final void readFourScales(int panel, int group, float[] scratch) {
    for (int i = 0; i < PANELS_AT_ONCE; i++) {
      scales.read(panel + i, group, scratch, SCALES + i * BlockScales.LENGTH);
    }
  }

  /** Keeps the codes of one block. */
  abstract void put(int row, int column, BlockCodes codes, int length);

  abstract int code(int row, int column);

  @Override
  public final void readRow(int row, float[] out, int at) {
    for (int c = 0; c < columns; c++) {
      out[at + c] = scales.value(row, c, code(row, c));
    }
  }
}
