package io.parley.safety.pii;

import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Tells phone numbers: international ones with + or 00 and a country that there is; those of the
 * North American plan and those that begin with a trunk 0, in the groups in which they are written;
 * and behind a word that says "phone" whatever has 7 to 15 digits and is no date and no amount.
 *
 * <p>Of several groups as many are taken as fit: to hide one digit too many is better than one too
 * few.
 */
final class Phones {
  /** Between the groups of a number; before a bracket there may be a blank. */
  private static final Set<String> JOINTS =
      Set.of(" ", "-", ".", "/", " (", ") ", ")", "(", ")-", "-(", " - ", " / ", ")/");

  private static final Set<String> BRACKET_CLOSES = Set.of(")", ") ", ")-", ")/");
  private static final int MAX_DIGITS = 15;

  private Phones() {}

  /** How many of the oldest groups are a phone number; 0 if they are none. */
  static int match(NumberRun run) {
    if (!run.mayBegin()) {
      return 0;
    }
    if (run.separator(0).endsWith("+")) {
      return most(run, groups -> CallingCodes.fits(run.text(groups)));
    }
    int groups = northAmerican(run);
    if (groups == 0 && run.isFirst()) {
      groups = most(run, count -> isTrunk(run, count) || isDialled(run, count));
    }
    return groups > 0 || !run.hasCue() ? groups : most(run, count -> isCued(run, count));
  }

  /** The most groups that are joined as in a phone number and fit. */
  private static int most(NumberRun run, IntPredicate fits) {
    int best = 0;
    for (int groups = 1; groups <= Math.min(run.size(), NumberRun.MAX_GROUPS); groups++) {
      boolean joined = groups == 1 || JOINTS.contains(run.separator(groups - 1));
      if (!joined || run.totalDigits(0, groups) > MAX_DIGITS + 2) {
        return best;
      }
      if (run.mayEndAfter(groups) && fits.test(groups)) {
        best = groups;
      }
    }
    return best;
  }

  /** (415) 555-2671, 415-555-2671, 1-415-555-2671. */
  private static int northAmerican(NumberRun run) {
    int area = run.length(0) == 1 && run.digit(0, 0) == '1' ? 1 : 0;
    if (run.size() < area + 3 || !isOfThree(run, area) || !isOfThree(run, area + 1)) {
      return 0;
    }
    boolean fits = run.length(area + 2) == 4 && run.mayEndAfter(area + 3);
    String before = run.separator(area);
    String between = run.separator(area + 1);
    String last = run.separator(area + 2);
    boolean bracket = before.endsWith("(") && BRACKET_CLOSES.contains(between);
    boolean same = between.equals(last) && (between.equals("-") || between.equals("."));
    boolean blanks = between.equals(" ") && last.equals(" ") && (run.hasCue() || area == 1);
    boolean prefix = area == 0 || before.equals(between) || before.equals(" ") || bracket;
    return fits && prefix && (bracket || same || blanks) ? area + 3 : 0;
  }

  private static boolean isOfThree(NumberRun run, int group) {
    return run.size() > group && run.length(group) == 3 && run.digit(group, 0) >= '2';
  }

  /** 030 1234567, (0171) 234 5678, 01 42 68 53 00. */
  private static boolean isTrunk(NumberRun run, int groups) {
    int total = run.totalDigits(0, groups);
    if (groups < 2 || total < 9 || total > 12 || !isTrunkPrefix(run)) {
      return false;
    }
    for (int i = 1; i < groups; i++) {
      boolean sameAsBefore = i < 3 || run.separator(i).equals(run.separator(2));
      boolean dashOrBlank = run.separator(i).equals(" ") || run.separator(i).equals("-");
      if (run.length(i) < 2 || (i > 1 && !(sameAsBefore && dashOrBlank))) {
        return isPairs(run, groups);
      }
    }
    boolean bracket = run.separator(0).endsWith("(") && BRACKET_CLOSES.contains(run.separator(1));
    boolean long3 = run.length(0) >= 3 && !run.separator(1).equals(".");
    return bracket || (long3 && !isMarkedByBracket(run)) || isPairs(run, groups);
  }

  private static boolean isMarkedByBracket(NumberRun run) {
    return run.separator(1).indexOf('(') >= 0;
  }

  private static boolean isTrunkPrefix(NumberRun run) {
    int length = run.length(0);
    return length >= 2 && length <= 5 && run.digit(0, 0) == '0' && run.digit(0, 1) != '0';
  }

  /** Five pairs of digits, all with the same separator: France. */
  private static boolean isPairs(NumberRun run, int groups) {
    for (int i = 0; i < groups; i++) {
      boolean same = i == 0 || run.separator(i).equals(run.separator(1));
      if (run.length(i) != 2 || !same) {
        return false;
      }
    }
    return groups == 5 && " .-".contains(run.separator(1));
  }

  /** 0049 30 1234567: with separators, because much else begins with two zeros. */
  private static boolean isDialled(NumberRun run, int groups) {
    String digits = run.text(groups);
    return groups > 1
        && digits.startsWith("00")
        && digits.length() > 10
        && CallingCodes.fits(digits.substring(2));
  }

  private static boolean isCued(NumberRun run, int groups) {
    int total = run.totalDigits(0, groups);
    String digits = run.text(groups);
    if (total < 7 || total > MAX_DIGITS || digits.endsWith("0000") || isDate(run, groups)) {
      return false;
    }
    return groups == 1 || (!isAmount(run, groups) && isDashedOrBlank(run, groups));
  }

  private static boolean isDashedOrBlank(NumberRun run, int groups) {
    for (int i = 1; i < groups; i++) {
      if (run.length(i) < 2 || run.separator(i).indexOf('.') >= 0) {
        return false;
      }
    }
    return true;
  }

  /** 12 500 000. */
  private static boolean isAmount(NumberRun run, int groups) {
    for (int i = 1; i < groups; i++) {
      if (run.length(i) != 3 || !run.separator(i).equals(" ")) {
        return false;
      }
    }
    return run.length(0) <= 3 && run.digit(0, 0) != '0';
  }

  /** 2024-11-22, 22-11-2024, 2019-2023. */
  private static boolean isDate(NumberRun run, int groups) {
    boolean yearFirst = isYear(run, 0);
    boolean yearLast = isYear(run, groups - 1);
    return groups == 3
        ? (yearFirst || yearLast) && run.totalDigits(0, groups) == 8
        : groups == 2 && yearFirst && yearLast;
  }

  private static boolean isYear(NumberRun run, int group) {
    return run.length(group) == 4 && (run.prefix(group, 2) == 19 || run.prefix(group, 2) == 20);
  }
}
