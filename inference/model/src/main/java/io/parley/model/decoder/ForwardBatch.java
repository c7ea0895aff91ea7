package io.parley.model.decoder;

/**
 * What one forward pass computes: rows of all sequences, one after the other.
 *
 * <p>Row r is token {@code tokens[r]} at position {@code positions[r]} of sequence {@code
 * sequence[r]}. Its key and value go to slot {@code position % blockTokens} of block {@code
 * blockTables[sequence][position / blockTokens]}, and it attends to positions 0 to its own. Those
 * below the sequence's first row in the batch must have been computed before, by whatever sequence
 * filled the block. Rows of one sequence rise by one position each; so a chunk of a prompt and a
 * generated token are the same thing.
 *
 * @param sequence per row, an index into {@code blockTables}
 * @param blockTables per sequence, its blocks in order; may be longer than needed. Two sequences
 *     may share blocks that neither writes
 * @param outputRows rows whose logits are wanted
 */
@SuppressWarnings("ArrayRecordComponent") // Made for one step; compared by nobody.
public record ForwardBatch(
    int[] tokens, int[] positions, int[] sequence, int[][] blockTables, int[] outputRows) {
  /**
   * Checks that there is one position and one sequence a row.
   *
   * @throws IllegalArgumentException if there is not
   */
  public ForwardBatch {
    if (positions.length != tokens.length || sequence.length != tokens.length) {
      throw new IllegalArgumentException(
          "there must be one position and one sequence a token: %d tokens, %d positions, %d sequences"
              .formatted(tokens.length, positions.length, sequence.length));
    }
  }

  /** Tokens of all sequences together. */
  public int rows() {
    return tokens.length;
  }
}
