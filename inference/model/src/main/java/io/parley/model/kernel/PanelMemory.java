package io.parley.model.kernel;

import io.parley.model.tensor.Tensor;
import java.util.List;

/**
 * Arrays in which the quantised panels of several matrices stand one behind the other.
 *
 * <p>With an array for each, a model takes an eighth more memory than it has weights: the collector
 * gives a large array whole regions, of a megabyte and more, and codes come in powers of two, which
 * an array's header makes just too long for them. So what is loaded together shares.
 *
 * <p>Places are handed out while matrices are made, by one thread; afterwards nothing changes.
 */
final class PanelMemory {
  private static final int MOST_ELEMENTS = Integer.MAX_VALUE - 8;

  final byte[] bytes;
  final int[] ints;
  private int usedBytes;
  private int usedInts;

  private PanelMemory(long bytes, long ints) {
    this.bytes = new byte[(int) bytes];
    this.ints = new int[(int) ints];
  }

  /** Room for one tensor. */
  static PanelMemory of(Tensor tensor) {
    return new PanelMemory(bytes(tensor), ints(tensor));
  }

  /** Whether there can be an array for all. */
  static boolean holds(List<Tensor> tensors) {
    return tensors.stream().mapToLong(PanelMemory::bytes).sum() <= MOST_ELEMENTS
        && tensors.stream().mapToLong(PanelMemory::ints).sum() <= MOST_ELEMENTS;
  }

  /** Room for all of some tensors, which it {@link #holds}. */
  static PanelMemory of(List<Tensor> tensors) {
    return new PanelMemory(
        tensors.stream().mapToLong(PanelMemory::bytes).sum(),
        tensors.stream().mapToLong(PanelMemory::ints).sum());
  }

  private static long bytes(Tensor tensor) {
    return QuantizedPanels.codeBytes(tensor.type(), MatrixShape.of(tensor));
  }

  private static long ints(Tensor tensor) {
    return BlockScales.halves(tensor.type(), MatrixShape.of(tensor));
  }

  /** Where {@code length} bytes begin that nobody else has. */
  int takeBytes(int length) {
    int at = usedBytes;
    usedBytes += length;
    return at;
  }

  /** Where {@code length} ints begin that nobody else has. */
  int takeInts(int length) {
    int at = usedInts;
    usedInts += length;
    return at;
  }
}
