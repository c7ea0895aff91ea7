package io.parley.safety.pii;

import java.util.Set;

/** The countries' prefixes of phone numbers (ITU-T E.164). */
final class CallingCodes {
  private static final Set<String> OF_TWO_DIGITS =
      Set.of(
          ("20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62"
                  + " 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98")
              .split(" "));

  /** The beginnings of those of three. */
  private static final Set<String> OF_THREE_DIGITS =
      Set.of("21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99".split(" "));

  private static final int MIN_DIGITS = 8;
  private static final int MAX_DIGITS = 15;

  private CallingCodes() {}

  /**
   * Whether a number of that many digits may exist.
   *
   * @param digits with the country, without + or 00
   */
  static boolean fits(String digits) {
    int length = digits.length();
    if (length < MIN_DIGITS || length > MAX_DIGITS) {
      return false;
    }
    char first = digits.charAt(0);
    if (first == '1') {
      return length == 11 && isAreaOrExchange(digits, 1) && isAreaOrExchange(digits, 4);
    }
    if (first == '7') {
      return length == 11;
    }
    String two = digits.substring(0, 2);
    return OF_TWO_DIGITS.contains(two) || (OF_THREE_DIGITS.contains(two) && length > MIN_DIGITS);
  }

  /** In the North American plan neither begins with 0 or 1. */
  private static boolean isAreaOrExchange(String digits, int at) {
    return digits.charAt(at) >= '2';
  }
}
