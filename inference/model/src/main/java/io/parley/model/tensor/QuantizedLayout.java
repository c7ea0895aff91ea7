package io.parley.model.tensor;

import java.util.function.Consumer;

/**
 * How a type with blocks holds its numbers.
 *
 * @param codeBits 4 where codes are 0 to 15, otherwise 8 for any that fit a signed byte
 * @param groupLength numbers that have a scale in common
 * @param minimums whether every group has a minimum of its own
 * @param offset without minimums: what is added to each code before it is scaled
 * @param scaleFactors whether groups differ in their scale within a block
 * @param unpack takes apart a block
 */
public record QuantizedLayout(
    int codeBits,
    int groupLength,
    boolean minimums,
    int offset,
    boolean scaleFactors,
    Consumer<BlockCodes> unpack) {

  /** Whether anything is added to the scaled codes. */
  public boolean biased() {
    return minimums || offset != 0;
  }
}
