package io.parley.safety.pii;

import java.util.ArrayList;
import java.util.List;

/** What a scan finds in a text, as people write it down. */
final class Found {
  private Found() {}

  /** The text with every finding in brackets behind its kind: {@code Mail EMAIL{a@b.com} now}. */
  static String marked(String text) {
    StringBuilder marked = new StringBuilder();
    int at = 0;
    for (Span span : merged(spans(text, text.length()))) {
      marked.append(text, at, span.start()).append(span.kind()).append('{');
      marked.append(text, span.start(), span.end()).append('}');
      at = span.end();
    }
    return marked.append(text.substring(at)).toString();
  }

  /** What is found if the text comes in pieces of that size. */
  static List<Span> spans(String text, int pieceChars) {
    PiiScan scan = new PiiScan();
    List<Span> found = new ArrayList<>();
    for (int i = 0; i < text.length(); i += pieceChars) {
      found.addAll(scan.read(text.substring(i, Math.min(text.length(), i + pieceChars))));
    }
    found.addAll(scan.end());
    return merged(found);
  }

  /** Secrets that come in several spans as one each. */
  static List<Span> merged(List<Span> spans) {
    List<Span> merged = new ArrayList<>();
    for (Span span : spans) {
      if (span.continued()) {
        Span before = merged.removeLast();
        merged.add(new Span(span.kind(), before.start(), span.end()));
      } else {
        merged.add(span);
      }
    }
    return merged;
  }
}
