package io.parley.model.kernel;

import static io.parley.model.kernel.Lanes.PANEL;

import io.parley.model.tensor.BlockCodes;
import io.parley.model.tensor.Tensor;
import io.parley.model.tensor.TensorBand;
import io.parley.model.tensor.TensorType;

/**
 * Panels of quantised weights. A weight is {@code code × scale + bias} by one multiply-add, and
 * scale and bias are those of its row and group of columns: see {@link BlockScales}.
 */
abstract sealed class QuantizedPanels extends PanelMatrix permits BytePanels, NibblePanels {
  final BlockScales scales;

  /** Codes, from {@link #codesAt} on. */
  final byte[] codes;

  final int codesAt;

  QuantizedPanels(Tensor tensor, Multiplication multiplication, PanelMemory memory) {
    MatrixShape shape = MatrixShape.of(tensor);
    super(tensor.type(), shape, multiplication);
    scales = new BlockScales(tensor.type(), shape, memory);
    codes = memory.bytes;
    codesAt = memory.takeBytes(codeBytes(tensor.type(), shape));
  }

  /** Bytes of {@link PanelMemory} that the codes of a matrix take; none if it is not quantised. */
  static int codeBytes(TensorType type, MatrixShape shape) {
    return type.quantized()
        .map(layout -> shape.length(PANEL) / Byte.SIZE * layout.codeBits())
        .orElse(0);
  }

  /** Takes all blocks of a tensor apart. */
  final void pack(Tensor tensor) {
    BlockCodes codes = new BlockCodes(tensor.type());
    tensor.forEachBand(band -> pack(tensor.name(), band, codes));
  }

  private void pack(String name, TensorBand band, BlockCodes codes) {
    int length = band.type().blockLength();
    long offset = 0;
    for (int row = (int) band.first(); row < band.first() + band.count(); row++) {
      for (int column = 0; column < columns; column += length) {
        codes.read(band.data(), offset);
        requireFinite(name, row, column, codes);
        scales.put(row, column / length, codes);
        put(row, column, codes, length);
        offset += band.type().blockBytes();
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
