package io.parley.safety.pii;

import io.parley.safety.PiiKind;
import java.util.List;
import java.util.Set;

/**
 * Finds personal data in one text that may arrive in pieces. Each character is read once; what is
 * kept does not grow with the text. Belongs to one thread at a time.
 */
final class PiiScan {
  private final Spans spans = new Spans();
  private final SecretScanner secrets = new SecretScanner(spans);
  private final MailScanner mails = new MailScanner(spans);
  private final IbanScanner ibans = new IbanScanner(spans);
  private final NumberScanner numbers = new NumberScanner(spans);
  private char before = '\n';
  private int chars;

  /** Reads the next piece of the text; returns what it made certain, in the order of the text. */
  List<Span> read(String piece) {
    for (int i = 0; i < piece.length(); i++) {
      read(Chars.folded(piece.charAt(i)));
      chars++;
    }
    return spans.take();
  }

  /** Takes the end of the text; returns what that made certain. */
  List<Span> end() {
    read(Chars.END);
    spans.settle(Integer.MAX_VALUE, Integer.MAX_VALUE);
    return spans.take();
  }

  private void read(char c) {
    secrets.read(c, chars, before);
    mails.read(c, chars, before);
    ibans.read(c, chars, before);
    numbers.read(c, chars, before);
    before = c;
    if (spans.isWaiting()) {
      int others = Math.min(mails.pendingFrom(), ibans.pendingFrom());
      spans.settle(Math.min(others, numbers.pendingFrom()), secrets.pendingFrom());
    }
  }

  /**
   * How many of the last characters may be part of something of these kinds that is not certain.
   */
  int undecidedChars(Set<PiiKind> kinds) {
    int from = spans.waitingFrom(kinds, chars);
    if (kinds.contains(PiiKind.SECRET)) {
      from = Math.min(from, secrets.pendingFrom());
    }
    if (kinds.contains(PiiKind.EMAIL)) {
      from = Math.min(from, mails.pendingFrom());
    }
    if (kinds.contains(PiiKind.IBAN)) {
      from = Math.min(from, ibans.pendingFrom());
    }
    if (kinds.contains(PiiKind.CARD) || kinds.contains(PiiKind.PHONE)) {
      from = Math.min(from, numbers.pendingFrom());
    }
    return chars - from;
  }
}
