package io.parley.safety.pii;

import io.parley.safety.PiiKind;

/**
 * Where personal data is in a text.
 *
 * @param start its first character
 * @param end the first one behind it
 * @param continued whether it goes on with the secret that was reported last, rather than being
 *     another
 */
record Span(PiiKind kind, int start, int end, boolean continued) {
  Span(PiiKind kind, int start, int end) {
    this(kind, start, end, false);
  }
}
