package io.parley.model.kernel;

/**
 * e^x in binary32 by argument reduction and a polynomial (the coefficients of {@code expf} in S.
 * Moshier's Cephes library), within 2 units in the last place. Vector kernels repeat these steps
 * lane by lane with the same constants, so that both give the same bits.
 *
 * <p>x = n ln 2 + r with |r| ≤ ln 2 / 2; e^x = 2^n e^r. Arguments are clamped to [{@link #LOWEST},
 * {@link #HIGHEST}], where the result is a normal number.
 */
final class Exponential {
  static final float LOWEST = -87;
  static final float HIGHEST = 88;
  static final float LOG2_E = 1.442695f;

  /** ln 2 in two parts, of which the first has so few bits that n times it is exact. */
  static final float LN2_HIGH = 355f / 512;

  static final float LN2_LOW = -2.121_944_4e-4f;

  /** 1.5 × 2^23: adding it rounds to an integer, which then stands in the low bits. */
  static final float ROUNDER = 12_582_912f;

  static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

  static final float P0 = 0.00019875691f;
  static final float P1 = 0.0013981999f;
  static final float P2 = 0.008333452f;
  static final float P3 = 4.166_579_6e-2f;
  static final float P4 = 0.16666666f;
  static final float P5 = 0.5f;

  private Exponential() {}

  static float exp(float argument) {
    float x = Math.min(Math.max(argument, LOWEST), HIGHEST);
    float shifted = Math.fma(x, LOG2_E, ROUNDER);
    float n = shifted - ROUNDER;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
    float p = Math.fma(P0, r, P1);
    p = Math.fma(p, r, P2);
    p = Math.fma(p, r, P3);
    p = Math.fma(p, r, P4);
    p = Math.fma(p, r, P5);
    p = Math.fma(p, r * r, r) + 1;
    int exponent = Float.floatToRawIntBits(shifted) - ROUNDER_BITS + 127;
    return p * Float.intBitsToFloat(exponent << 23);
  }
}
