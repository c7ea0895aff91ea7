package io.parley.safety.pii;

/**
 * Tells the numbers of payment cards (ISO 7812): a prefix that an issuer uses, a length that it
 * uses, the check digit of Luhn (US patent 2950048), and either no separators or those that are
 * embossed.
 */
final class Cards {
  private Cards() {}

  /** How many of the oldest groups are a card; 0 if they are none. */
  static int match(NumberRun run) {
    if (!run.mayBegin() || run.separator(0).endsWith("+")) {
      return 0;
    }
    for (int groups = Math.min(run.size(), 5); groups > 0; groups--) {
      if (run.mayEndAfter(groups) && isEmbossed(run, groups) && isCard(run.text(groups))) {
        return groups;
      }
    }
    return 0;
  }

  private static boolean isEmbossed(NumberRun run, int groups) {
    for (int i = 2; i < groups; i++) {
      if (!run.separator(i).equals(run.separator(1))) {
        return false;
      }
    }
    if (groups > 1 && !run.separator(1).equals(" ") && !run.separator(1).equals("-")) {
      return false;
    }
    return switch (groups) {
      case 1 -> true;
      case 3 -> lengths(run, 4, 6) && (run.length(2) == 5 || run.length(2) == 4);
      case 4 -> lengths(run, 4, 4, 4, 4);
      case 5 -> lengths(run, 4, 4, 4, 4) && run.length(4) <= 3;
      default -> false;
    };
  }

  private static boolean lengths(NumberRun run, int... lengths) {
    for (int i = 0; i < lengths.length; i++) {
      if (run.length(i) != lengths[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isCard(String digits) {
    return digits.length() >= 14
        && digits.length() <= NumberRun.MAX_DIGITS
        && isIssued(Integer.parseInt(digits.substring(0, 4)), digits.length())
        && luhn(digits);
  }

  /**
   * @param prefix the first four digits
   */
  private static boolean isIssued(int prefix, int length) {
    int two = prefix / 100;
    int three = prefix / 10;
    return switch (length) {
      case 14 -> two == 36 || two == 38 || two == 39 || (three >= 300 && three <= 305);
      case 15 -> two == 34 || two == 37;
      case 16 ->
          prefix / 1_000 == 4
              || (two >= 51 && two <= 55)
              || (prefix >= 2_221 && prefix <= 2_720)
              || (prefix >= 2_200 && prefix <= 2_204)
              || isOfAnyLength(prefix)
              || isMaestro(prefix);
      case 17 -> isOfAnyLength(prefix);
      case 18 -> isOfAnyLength(prefix) || isMaestro(prefix);
      case 19 -> prefix / 1_000 == 4 || isOfAnyLength(prefix) || isMaestro(prefix);
      default -> false;
    };
  }

  /** Discover, JCB, UnionPay: 16 to 19 digits. */
  private static boolean isOfAnyLength(int prefix) {
    int three = prefix / 10;
    return prefix == 6_011
        || (three >= 644 && three <= 659)
        || (prefix >= 3_528 && prefix <= 3_589)
        || prefix / 100 == 62;
  }

  private static boolean isMaestro(int prefix) {
    return switch (prefix) {
      case 5_018, 5_020, 5_038, 5_893, 6_304, 6_759, 6_761, 6_762, 6_763 -> true;
      default -> false;
    };
  }

  static boolean luhn(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int doubled = 2 * digit > 9 ? 2 * digit - 9 : 2 * digit;
      sum += i % 2 == 0 ? digit : doubled;
    }
    return sum % 10 == 0;
  }
}
