package io.parley.model.kernel;

/**
 * The one order in which a product's terms are added up. Columns are taken in blocks of {@link
 * #BLOCK_COLUMNS}; a block is one chain of fused multiply-adds that begins at zero; the sums of the
 * blocks are added from the first to the last. Within a block columns come in pairs, and of a pair
 * the second comes first, because that is what VDPBF16PS does with the pairs in its lanes: so the
 * processor's own instruction, a vector of lanes and a plain loop all give the same bits.
 *
 * <p>Kernels keep weights and activations by <em>place</em>, so that they can walk straight
 * through: place p holds the column that is added as number p.
 */
final class SumOrder {
  /** Columns of a block; even, so that a pair is never cut. */
  static final int BLOCK_COLUMNS = 512;

  private SumOrder() {}

  /** Where a column stands; also which column stands at a place, since pairs only change sides. */
  static int place(int column, int columns) {
    int other = column ^ 1;
    return other < columns ? other : column;
  }
}
