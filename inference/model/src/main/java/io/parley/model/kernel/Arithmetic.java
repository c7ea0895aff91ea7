package io.parley.model.kernel;

/**
 * How weights and activations are rounded before they are multiplied. Products are exact either way
 * and are added in F32, in the order of {@link SumOrder}; so each arithmetic has one right result
 * to the bit, whatever computes it and for however many rows.
 */
public enum Arithmetic {
  /** Not at all. */
  F32(0, -1),

  /**
   * To the eight significant bits of BF16, halves away from zero: each factor is off by at most
   * 2^-9 of itself. This is what processors multiply in pairs (VDPBF16PS), twice as fast.
   */
  BF16(0x8000, 0xffff_0000);

  /** A number is rounded by adding the one to its bits and keeping those of the other. */
  final int addend;

  final int mask;

  Arithmetic(int addend, int mask) {
    this.addend = addend;
    this.mask = mask;
  }

  float round(float value) {
    return Float.intBitsToFloat((Float.floatToRawIntBits(value) + addend) & mask);
  }
}
