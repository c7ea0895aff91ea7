package io.parley.safety.pii;

import io.parley.safety.shape.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds keys and tokens by the prefix that their makers gave them for this purpose, JSON web tokens
 * (RFC 7519) and private keys as files hold them (RFC 7468). A secret is found as soon as its form
 * is sure, and goes on for as long as its alphabet does.
 *
 * <p>Not taken for one: placeholders, which have few different characters or say EXAMPLE or YOUR.
 */
final class SecretScanner implements Scanner {
  private static final List<Shape> KEYS =
      shapes(
          "sk-ant-[a-z0-9]{5}-[A-Za-z0-9_-]{24}",
          "sk-proj-[A-Za-z0-9_-]{24}",
          "sk-parley-[A-Za-z0-9_-]{20}",
          "sk-[A-Za-z0-9]{32}",
          "AKIA[0-9A-Z]{16}",
          "ASIA[0-9A-Z]{16}",
          "ghp_[A-Za-z0-9]{36}",
          "gho_[A-Za-z0-9]{36}",
          "github_pat_[A-Za-z0-9_]{40}",
          "glpat-[A-Za-z0-9_-]{20}",
          "xox[abprs]-[A-Za-z0-9-]{20}",
          "AIza[A-Za-z0-9_-]{35}",
          "sk_live_[A-Za-z0-9]{24}",
          "rk_live_[A-Za-z0-9]{24}",
          "npm_[A-Za-z0-9]{36}");

  private static final List<Shape> PRIVATE_KEYS =
      shapes(
          "-----BEGIN PRIVATE KEY-----",
          "-----BEGIN RSA PRIVATE KEY-----",
          "-----BEGIN DSA PRIVATE KEY-----",
          "-----BEGIN EC PRIVATE KEY-----",
          "-----BEGIN OPENSSH PRIVATE KEY-----",
          "-----BEGIN ENCRYPTED PRIVATE KEY-----",
          "-----BEGIN PGP PRIVATE KEY BLOCK-----");

  private static final List<Shape> ALL =
      Stream.concat(KEYS.stream(), PRIVATE_KEYS.stream()).toList();
  private static final boolean[] BEGINS = begins();
  private static final int MIN_DIFFERENT_CHARS = 6;

  private final Spans spans;
  private final long[] states = new long[ALL.size()];

  /** As many characters as a shape has, a power of two. */
  private final char[] last = new char[Shape.MAX_CHARS];

  private final WebToken webToken = new WebToken();
  private final PrivateKeyTail privateKey = new PrivateKeyTail();
  private Tail tail = Tail.NONE;
  private int pendingChars;
  private int next;

  /** What goes on behind a secret that was found. */
  private enum Tail {
    NONE,
    KEY,
    WEB_TOKEN,
    PRIVATE_KEY
  }

  SecretScanner(Spans spans) {
    this.spans = spans;
  }

  private static List<Shape> shapes(String... notations) {
    return Stream.of(notations).map(Shape::parse).toList();
  }

  private static boolean[] begins() {
    boolean[] begins = new boolean[128];
    for (char c = 0; c < begins.length; c++) {
      char each = c;
      begins[c] = ALL.stream().anyMatch(shape -> shape.beginsWith(each));
    }
    return begins;
  }

  @Override
  public int pendingFrom() {
    int shape = pendingChars > 0 ? next - pendingChars : NOTHING;
    return Math.min(shape, webToken.pendingFrom());
  }

  @Override
  public void read(char c, int at, char before) {
    next = at + 1;
    last[at & (last.length - 1)] = c;
    if (tail != Tail.NONE) {
      if (goesOn(c)) {
        spans.secretGoesOnTo(at + 1);
        return;
      }
      tail = Tail.NONE;
    }
    boolean mayBegin = !Chars.isWord(before);
    if (!mayBegin && pendingChars == 0 && webToken.isIdle()) {
      return;
    }
    if (webToken.read(c, at, mayBegin)) {
      begin(webToken.start(), at + 1, Tail.WEB_TOKEN);
    } else if (pendingChars > 0 || (mayBegin && c < BEGINS.length && BEGINS[c])) {
      readShapes(c, at, mayBegin);
    }
  }

  private boolean goesOn(char c) {
    return switch (tail) {
      case KEY -> Chars.isToken(c);
      case WEB_TOKEN -> Chars.isToken(c) || c == '.';
      case PRIVATE_KEY -> privateKey.goesOn(c);
      case NONE -> false;
    };
  }

  private void readShapes(char c, int at, boolean mayBegin) {
    int most = 0;
    for (int i = 0; i < states.length; i++) {
      Shape shape = ALL.get(i);
      states[i] = shape.step(states[i], c, mayBegin);
      if (shape.found(states[i]) && !isPlaceholder(at, shape.chars())) {
        begin(at + 1 - shape.chars(), at + 1, i < KEYS.size() ? Tail.KEY : Tail.PRIVATE_KEY);
        return;
      }
      most = Math.max(most, Shape.matchedChars(states[i]));
    }
    pendingChars = most;
  }

  private void begin(int start, int end, Tail how) {
    spans.secret(start, end);
    tail = how;
    privateKey.begin();
    webToken.reset();
    Arrays.fill(states, 0);
    pendingChars = 0;
  }

  /** Of the last characters up to a position. */
  private boolean isPlaceholder(int at, int chars) {
    StringBuilder text = new StringBuilder(chars);
    for (int i = at - chars + 1; i <= at; i++) {
      text.append(last[i & (last.length - 1)]);
    }
    return text.chars().distinct().count() < MIN_DIFFERENT_CHARS
        || text.indexOf("EXAMPLE") >= 0
        || text.indexOf("YOUR") >= 0;
  }
}
