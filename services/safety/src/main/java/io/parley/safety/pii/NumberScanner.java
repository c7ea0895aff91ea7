package io.parley.safety.pii;

import io.parley.safety.PiiKind;

/**
 * Finds payment cards and phone numbers: cuts the text into runs of groups of digits, and decides
 * about the oldest group of a run as soon as no later one can change it.
 */
final class NumberScanner implements Scanner {
  private enum State {
    OUTSIDE,
    /** Behind a bracket or a plus that may be the beginning of a number. */
    LEAD,
    GROUP,
    SEPARATOR
  }

  private final Spans spans;
  private final PhoneCue cue = new PhoneCue();
  private final NumberRun run = new NumberRun();
  private final StringBuilder separator = new StringBuilder();
  private State state = State.OUTSIDE;
  private int leadStart;

  NumberScanner(Spans spans) {
    this.spans = spans;
  }

  @Override
  public int pendingFrom() {
    return switch (state) {
      case OUTSIDE -> NOTHING;
      case LEAD -> leadStart;
      case GROUP, SEPARATOR -> startOf(0);
    };
  }

  @Override
  public void read(char c, int at, char before) {
    if (Chars.isDigit(c)) {
      digit(c, at, before);
    } else if (state != State.OUTSIDE) {
      other(c, at, before);
    } else if (c == '(' || c == '+') {
      lead(c, at, before);
    }
    cue.read(c);
  }

  private void digit(char c, int at, char before) {
    if (state == State.OUTSIDE && !Chars.mayPrecedeNumber(before)) {
      return;
    }
    if (state != State.GROUP) {
      beginGroup(at);
    }
    if (!run.addDigit(c)) {
      // Too long for any number: what came before it is judged, and the rest of it is skipped.
      decide(run.size() - 1);
      state = State.OUTSIDE;
    }
  }

  private void beginGroup(int at) {
    if (state == State.OUTSIDE) {
      separator.setLength(0);
    }
    if (state != State.SEPARATOR) {
      run.clear(cue.isFresh());
    }
    run.addGroup(at, separator.toString());
    state = State.GROUP;
  }

  private void lead(char c, int at, char before) {
    if (Chars.mayPrecedeNumber(before)) {
      state = State.LEAD;
      leadStart = at;
      separator.setLength(0);
      separator.append(c);
    }
  }

  private void other(char c, int at, char before) {
    switch (state) {
      case LEAD -> {
        state = State.OUTSIDE;
        if (c == '+' && before == '(') {
          leadPlus(at);
        } else if (c == '(' || c == '+') {
          lead(c, at, before);
        }
      }
      case GROUP -> {
        separator.setLength(0);
        if (isJoint(c)) {
          separator.append(c);
          state = State.SEPARATOR;
          decideOldest();
        } else {
          end(c, at, before);
        }
      }
      default -> {
        if (isJoint(c) && separator.length() < NumberRun.MAX_SEPARATOR_CHARS) {
          separator.append(c);
        } else {
          end(c, at, before);
        }
      }
    }
  }

  /** In (+49) the number begins with the plus. */
  private void leadPlus(int at) {
    state = State.LEAD;
    leadStart = at;
    separator.setLength(0);
    separator.append('+');
  }

  private static boolean isJoint(char c) {
    return c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')';
  }

  private void end(char c, int at, char before) {
    boolean attached = separator.isEmpty() || separator.charAt(separator.length() - 1) == '-';
    boolean word = Chars.isWord(c) || c == '_' || c == '@' || c == '%' || c == '+' || c == '#';
    if (attached && word && (separator.length() < 2)) {
      run.continuesBeyond();
    }
    decide(run.size());
    run.clear(false);
    state = State.OUTSIDE;
    if (c == '(' || c == '+') {
      lead(c, at, before);
    }
  }

  /** The oldest groups are decided when the run has more than any number can. */
  private void decideOldest() {
    while (run.size() > NumberRun.MAX_GROUPS || run.totalDigits() > NumberRun.MAX_DIGITS) {
      decideFirst();
    }
  }

  private void decide(int groups) {
    int left = run.size() - groups;
    while (run.size() > left) {
      decideFirst();
    }
  }

  private void decideFirst() {
    int groups = Cards.match(run);
    PiiKind kind = PiiKind.CARD;
    if (groups == 0) {
      groups = Phones.match(run);
      kind = PiiKind.PHONE;
    }
    if (groups > 0) {
      spans.found(kind, startOf(groups), run.end(groups - 1));
      run.removeNumber(groups);
    } else {
      run.removeFirst();
    }
  }

  /** With the plus, and with the bracket if the number closes it. */
  private int startOf(int groups) {
    String before = run.separator(0);
    boolean closes = groups == 0 || (groups > 1 && run.separator(1).startsWith(")"));
    boolean lead = before.endsWith("+") || (before.endsWith("(") && closes);
    return run.start(0) - (lead ? 1 : 0);
  }
}
