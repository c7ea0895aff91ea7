package io.parley.safety.rules;

import io.parley.safety.shape.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Matches the rules against one text that may arrive in pieces. Each character is read once; what
 * is kept does not grow with the text. Belongs to one thread at a time.
 */
final class RuleScan {
  /** So far back that it is near to no word. */
  private static final long NEVER = Long.MIN_VALUE / 2;

  private final RuleMatcher matcher;
  private final long[][] lastWord;
  private final long[] shapes;
  private int phraseState;
  private long words;
  private boolean afterSeparator;
  private boolean afterWordChar;
  private @Nullable String category;

  RuleScan(RuleMatcher matcher) {
    this.matcher = matcher;
    this.shapes = new long[matcher.shaped().size()];
    this.lastWord = new long[matcher.near().size()][];
    for (int rule = 0; rule < lastWord.length; rule++) {
      lastWord[rule] = new long[matcher.near().get(rule).groups().size()];
    }
    beginText();
  }

  /** The category of the first rule that matched, null as long as none has. */
  @Nullable String category() {
    return category;
  }

  void read(String text) {
    for (int i = 0; i < text.length() && category == null; i++) {
      char c = text.charAt(i);
      readShapes(c);
      readSymbol(Letters.symbol(c));
    }
  }

  /** Ends a text; the next one is matched by itself. */
  void endText() {
    if (category == null) {
      readSymbol(Letters.SEPARATOR);
    }
    beginText();
  }

  /** How many of the last characters may be the beginning of a shape; at most 64. */
  int undecidedChars() {
    int most = 0;
    for (long state : shapes) {
      most = Math.max(most, Shape.matchedChars(state));
    }
    return most;
  }

  private void beginText() {
    Arrays.fill(shapes, 0);
    for (long[] groups : lastWord) {
      Arrays.fill(groups, NEVER);
    }
    phraseState = PhraseAutomaton.START;
    words = 0;
    afterSeparator = false;
    afterWordChar = false;
    readSymbol(Letters.SEPARATOR);
  }

  private void readShapes(char c) {
    for (int i = 0; i < shapes.length; i++) {
      Rule.Shaped rule = matcher.shaped().get(i);
      shapes[i] = rule.shape().step(shapes[i], c, !afterWordChar);
      if (rule.shape().found(shapes[i])) {
        category = rule.category();
      }
    }
    afterWordChar = Character.isLetterOrDigit(c);
  }

  private void readSymbol(int symbol) {
    boolean separator = symbol == Letters.SEPARATOR;
    if (symbol == Letters.INVISIBLE || (separator && afterSeparator)) {
      return;
    }
    afterSeparator = separator;
    words += separator ? 1 : 0;
    phraseState = matcher.phrases().step(phraseState, symbol);
    for (int phrase : matcher.phrases().found(phraseState)) {
      hit(matcher.owners().get(phrase));
    }
  }

  private void hit(RuleMatcher.Group group) {
    Rule.Near rule = matcher.near().get(group.rule());
    long[] last = lastWord[group.rule()];
    last[group.group()] = words;
    for (long word : last) {
      if (words - word >= rule.withinWords()) {
        return;
      }
    }
    category = rule.category();
  }
}
