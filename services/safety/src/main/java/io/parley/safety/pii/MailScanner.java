package io.parley.safety.pii;

import io.parley.safety.PiiKind;
import java.util.Set;

/**
 * Finds mail addresses: a local part of letters, digits and {@code ._%+-}, {@code @}, and a domain
 * of at least two labels, the last of letters.
 *
 * <p>Not taken for one: what stands in the authority of a URL ({@code https://user@host}), is a
 * path of a version control system ({@code git@host:path}), a file for a dense display ({@code
 * icon@2x.png}), a package with its version ({@code name@1.2.3-rc.one}), or a call ({@code
 * a@b.mean()}).
 */
final class MailScanner implements Scanner {
  private static final int MAX_LOCAL_CHARS = 64;
  private static final int MAX_DOMAIN_CHARS = 190;
  private static final int MAX_LABEL_CHARS = 63;
  private static final int MAX_PROGRAM_CHARS = 3;
  private static final Set<String> PROGRAMS = Set.of("git", "hg", "svn");
  private static final Set<String> FILE_TYPES =
      Set.of("png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "css", "js", "json", "html");

  private enum State {
    OUTSIDE,
    LOCAL,
    DOMAIN,
    /** In a word that is no address. */
    DEAD
  }

  private final Spans spans;

  /** The label that is read; of a local part only what tells a program's name from others. */
  private final StringBuilder label = new StringBuilder();

  private State state = State.OUTSIDE;
  private int start;
  private int domainStart;
  private int labels;
  private int numericLabels;

  /** Where the longest domain so far ends, 0 if there is none. */
  private int validEnd;

  private int slashes;
  private boolean inAuthority;

  MailScanner(Spans spans) {
    this.spans = spans;
  }

  @Override
  public int pendingFrom() {
    return state == State.LOCAL || state == State.DOMAIN ? start : NOTHING;
  }

  @Override
  public void read(char c, int at, char before) {
    readAuthority(c);
    switch (state) {
      case OUTSIDE -> begin(c, at);
      case LOCAL -> readLocal(c, at, before);
      case DOMAIN -> readDomain(c, at);
      case DEAD -> state = isLocal(c) || c == '@' ? State.DEAD : State.OUTSIDE;
    }
  }

  /** Follows {@code ://} and what comes up to the next slash, question mark or blank. */
  private void readAuthority(char c) {
    if (slashes == 0 && !inAuthority && c != ':') {
      return;
    }
    if (Chars.isWord(c)) {
      slashes = 0;
      return;
    }
    boolean opens = c == '/' && slashes == 2;
    slashes = c == ':' ? 1 : c == '/' && slashes == 1 ? 2 : 0;
    if (opens) {
      inAuthority = true;
    } else if (c == '/' || c == '?' || c == '#' || c == '"' || c <= ' ') {
      inAuthority = false;
    }
  }

  private static boolean isLocal(char c) {
    return Chars.isWord(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-';
  }

  private void begin(char c, int at) {
    if (Chars.isWord(c) || c == '_' || c == '+') {
      state = State.LOCAL;
      start = at;
      label.setLength(0);
      label.append(c);
    } else if (c == '@') {
      state = State.DEAD;
    }
  }

  private void readLocal(char c, int at, char before) {
    if (c == '@') {
      boolean address = before != '.' && !inAuthority && !PROGRAMS.contains(label.toString());
      state = address ? State.DOMAIN : State.DEAD;
      beginDomain(at + 1);
    } else if (!isLocal(c) || (c == '.' && before == '.')) {
      state = State.OUTSIDE;
    } else if (at - start >= MAX_LOCAL_CHARS) {
      state = State.DEAD;
    } else if (label.length() <= MAX_PROGRAM_CHARS) {
      label.append(c);
    }
  }

  private void beginDomain(int at) {
    domainStart = at;
    labels = 0;
    numericLabels = 0;
    validEnd = 0;
    label.setLength(0);
  }

  private void readDomain(char c, int at) {
    boolean inLabel = Chars.isWord(c) || (c == '-' && !label.isEmpty());
    if (inLabel && label.length() < MAX_LABEL_CHARS && at - domainStart < MAX_DOMAIN_CHARS) {
      label.append(c);
    } else if (inLabel) {
      state = State.DEAD;
    } else {
      endLabel(at);
      if (c != '.' || label.isEmpty()) {
        endDomain(c, at);
      }
      label.setLength(0);
    }
  }

  private void endLabel(int at) {
    labels++;
    numericLabels += isNumeric() && numericLabels == labels - 1 ? 1 : 0;
    boolean file = labels == 2 && FILE_TYPES.contains(label.toString());
    if (labels >= 2 && numericLabels < 2 && isTopLevel() && !file) {
      validEnd = at;
    }
  }

  private boolean isNumeric() {
    return !label.isEmpty() && Chars.isDigit(label.charAt(0));
  }

  private boolean isTopLevel() {
    String name = label.toString();
    return name.length() >= 2
        && (name.startsWith("xn--") || name.chars().allMatch(Character::isLetter));
  }

  private void endDomain(char c, int at) {
    if (validEnd > 0 && !(c == '(' && validEnd == at)) {
      spans.found(PiiKind.EMAIL, start, validEnd);
    }
    state = isLocal(c) || c == '@' ? State.DEAD : State.OUTSIDE;
  }
}
