package io.parley.model.kernel;

import static io.parley.model.kernel.Lanes.BYTES;
import static io.parley.model.kernel.Lanes.COUNT;
import static io.parley.model.kernel.Lanes.FLOATS;
import static io.parley.model.kernel.Lanes.INTS;
import static io.parley.model.kernel.Lanes.PANEL;

import io.parley.model.tensor.BlockCodes;
import io.parley.model.tensor.QuantizedLayout;
import io.parley.model.tensor.TensorType;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The scales of quantised panels, as small as in the file. Halves stand two to an int: without
 * minimums the factors of two rows, as in {@link HalfPairs}; with minimums a row's factor and that
 * of its minimums. Factors of groups are bytes.
 *
 * <p>A kernel has the scales and biases of one group of columns written to scratch memory and takes
 * them from there, so that one kernel serves all types with codes of a width. That costs a few
 * operations on every thousand weights.
 */
final class BlockScales {
  /** Floats that {@link #read} writes: scales of a panel's rows, then their biases. */
  static final int LENGTH = 2 * PANEL;

  private final QuantizedLayout layout;
  private final int blocks;
  private final int groupsPerBlock;
  private final int intsPerPanel;
  private final int[] halves;
  private final int halvesAt;
  private final byte[] scaleFactors;
  private final byte[] minFactors;

  BlockScales(TensorType type, MatrixShape shape, PanelMemory memory) {
    layout = type.quantized().orElseThrow();
    blocks = shape.columns() / type.blockLength();
    groupsPerBlock = type.blockLength() / layout.groupLength();
    intsPerPanel = layout.minimums() ? PANEL : COUNT;
    int panels = Math.ceilDiv(shape.rows(), PANEL);
    halves = memory.ints;
    halvesAt = memory.takeInts(halves(type, shape));
    int factors = Math.multiplyExact(panels * blocks, groupsPerBlock * PANEL);
    scaleFactors = new byte[layout.scaleFactors() ? factors : 0];
    minFactors = new byte[layout.scaleFactors() && layout.minimums() ? factors : 0];
  }

  /** Ints of {@link PanelMemory} that the halves of a matrix take; none if it is not quantised. */
  static int halves(TensorType type, MatrixShape shape) {
    return type.quantized()
        .map(layout -> shape.length(PANEL) / type.blockLength() / (layout.minimums() ? 1 : 2))
        .orElse(0);
  }

  /** Numbers that have a scale in common. */
  int groupLength() {
    return layout.groupLength();
  }

  /** Keeps the scales of one block of a row. */
  void put(int row, int block, BlockCodes codes) {
    int panelAt = row / PANEL * blocks + block;
    int lane = row % PANEL;
    int d = codes.d() & 0xffff;
    if (layout.minimums()) {
      halves[halvesAt + panelAt * PANEL + lane] = d | (codes.dMin() << 16);
    } else {
      halves[halvesAt + panelAt * COUNT + lane % COUNT] |= d << (lane < COUNT ? 0 : 16);
    }
    for (int group = 0; layout.scaleFactors() && group < groupsPerBlock; group++) {
      int at = (panelAt * groupsPerBlock + group) * PANEL + lane;
      scaleFactors[at] = codes.scaleFactor(group);
      if (layout.minimums()) {
        minFactors[at] = codes.minFactor(group);
      }
    }
  }

  /**
   * Writes the scales and biases of a panel's rows.
   *
   * @param group of {@link #groupLength} columns, counted from the first column
   */
  void read(int panel, int group, float[] out, int at) {
    int panelAt = panel * blocks + group / groupsPerBlock;
    int factorsAt = (panel * blocks * groupsPerBlock + group) * PANEL;
    for (int half = 0; half < PANEL; half += COUNT) {
      int shift = layout.minimums() || half == 0 ? 16 : 0;
      int from = halvesAt + panelAt * intsPerPanel + (layout.minimums() ? half : 0);
      IntVector pairs = IntVector.fromArray(INTS, halves, from);
      FloatVector scale =
          pairs
              .lanewise(VectorOperators.LSHL, shift)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Panels.KEPT)
              .reinterpretAsFloats()
              .mul(F16Panels.BIAS);
      if (layout.scaleFactors()) {
        scale =
            scale.mul(
                (FloatVector)
                    ByteVector.fromArray(BYTES, scaleFactors, factorsAt + half)
                        .castShape(FLOATS, 0));
      }
      FloatVector bias = scale.mul(layout.offset());
      if (layout.minimums()) {
        bias =
            pairs
                .lanewise(VectorOperators.ASHR, 3)
                .and(F16Panels.KEPT)
                .reinterpretAsFloats()
                .mul(-F16Panels.BIAS);
        if (layout.scaleFactors()) {
          bias =
              bias.mul(
                  (FloatVector)
                      ByteVector.fromArray(BYTES, minFactors, factorsAt + half)
                          .castShape(FLOATS, 0));
        }
      }
      scale.intoArray(out, at + half);
      bias.intoArray(out, at + PANEL + half);
    }
  }

  /** Decodes one number, bit for bit as {@link BlockCodes#value}. */
  float value(int row, int column, int code) {
    int group = column / layout.groupLength();
    int panelAt = row / PANEL * blocks + group / groupsPerBlock;
    int lane = row % PANEL;
    int factorAt = (row / PANEL * blocks * groupsPerBlock + group) * PANEL + lane;
    float factor = layout.scaleFactors() ? scaleFactors[factorAt] : 1;
    if (layout.minimums()) {
      int pair = halves[halvesAt + panelAt * PANEL + lane];
      float minimum = layout.scaleFactors() ? minFactors[factorAt] : 1;
      float bias = -(Float.float16ToFloat((short) (pair >>> 16)) * minimum);
      return Math.fma(code, Float.float16ToFloat((short) pair) * factor, bias);
    }
    int pair = halves[halvesAt + panelAt * COUNT + lane % COUNT];
    float scale = Float.float16ToFloat((short) (pair >>> (lane < COUNT ? 0 : 16))) * factor;
    return layout.biased() ? Math.fma(code, scale, scale * layout.offset()) : code * scale;
  }
}
