package io.parley.safety.pii;

/**
 * Groups of digits with short separators between them, of which some may be one number. Holds a few
 * groups only, the oldest first.
 */
final class NumberRun {
  /** Digits that a number can have: a payment card's. */
  static final int MAX_DIGITS = 19;

  /** Groups that a number can have. */
  static final int MAX_GROUPS = 8;

  /** Characters between two groups, such as {@code ") "}. */
  static final int MAX_SEPARATOR_CHARS = 3;

  private final int[] starts = new int[MAX_GROUPS + 2];
  private final int[] lengths = new int[MAX_GROUPS + 2];
  private final String[] separators = new String[MAX_GROUPS + 2];
  private final char[][] digits = new char[MAX_GROUPS + 2][MAX_DIGITS + 1];
  private int size;
  private boolean first;
  private boolean cue;
  private boolean continuesBeyond;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /**
   * Begins with nothing.
   *
   * @param afterCue whether a word such as "phone" comes just before
   */
  void clear(boolean afterCue) {
    size = 0;
    first = true;
    cue = afterCue;
    continuesBeyond = false;
  }

  /**
   * Adds a group without digits.
   *
   * @param separator what is between the group before and this one; before the first one a bracket,
   *     a plus, or nothing
   */
  void addGroup(int start, String separator) {
    starts[size] = start;
    lengths[size] = 0;
    separators[size] = separator;
    size++;
  }

  /** Adds a digit to the last group; false if the group is too long for any number. */
  boolean addDigit(char c) {
    int last = size - 1;
    digits[last][lengths[last]++] = c;
    return lengths[last] <= MAX_DIGITS;
  }

  /** Removes the oldest groups, which are a number. */
  void removeNumber(int groups) {
    remove(groups);
    first = true;
    cue = false;
  }

  /** Removes the oldest group, with which no number begins. */
  void removeFirst() {
    remove(1);
    first = false;
  }

  private void remove(int groups) {
    size -= groups;
    System.arraycopy(starts, groups, starts, 0, size);
    System.arraycopy(lengths, groups, lengths, 0, size);
    System.arraycopy(separators, groups, separators, 0, size);
    for (int i = 0; i < size; i++) {
      char[] free = digits[i];
      digits[i] = digits[i + groups];
      digits[i + groups] = free;
    }
  }

  /** Says that what follows the last group forbids that a number ends there. */
  void continuesBeyond() {
    continuesBeyond = true;
  }

  int totalDigits() {
    return totalDigits(0, size);
  }

  /** Digits of the groups from one up to, but not with, another. */
  int totalDigits(int from, int to) {
    int total = 0;
    for (int i = from; i < to; i++) {
      total += lengths[i];
    }
    return total;
  }

  int length(int group) {
    return lengths[group];
  }

  char digit(int group, int index) {
    return digits[group][index];
  }

  /** What comes before a group. */
  String separator(int group) {
    return separators[group];
  }

  int start(int group) {
    return starts[group];
  }

  int end(int group) {
    return starts[group] + lengths[group];
  }

  /** Whether no other number is just before the oldest group. */
  boolean isFirst() {
    return first;
  }

  /** Whether the oldest group is the first of its run, right behind a word that says "phone". */
  boolean hasCue() {
    return cue && first;
  }

  /** The leading digits as a number; 0 if the group has fewer. */
  int prefix(int group, int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value = i < lengths[group] ? 10 * value + digits[group][i] - '0' : 0;
    }
    return lengths[group] < count ? 0 : value;
  }

  /** All digits of the oldest groups. */
  String text(int groups) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < groups; i++) {
      text.append(digits[i], 0, lengths[i]);
    }
    return text.toString();
  }

  /** Whether a number may begin with the oldest group. */
  boolean mayBegin() {
    return first || separators[0].indexOf(' ') >= 0;
  }

  /** Whether a number may end with the last of so many groups. */
  boolean mayEndAfter(int groups) {
    if (groups == size) {
      return !continuesBeyond;
    }
    char next = separators[groups].charAt(0);
    return next != '-' && next != '.';
  }
}
