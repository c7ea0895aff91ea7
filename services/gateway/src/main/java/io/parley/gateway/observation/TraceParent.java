package io.parley.gateway.observation;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a request is part of, as its sender names it.
 *
 * <p>Source: W3C Trace Context, section 3.2, header {@code traceparent}.
 *
 * @param traceId 32 hexadecimal digits, not all 0
 * @param spanId 16 hexadecimal digits, not all 0: the sender's span
 * @param sampled whether the sender keeps its part of the trace
 */
public record TraceParent(String traceId, String spanId, boolean sampled) {
  /** The header's name. */
  public static final String HEADER = "traceparent";

  private static final int MAX_CHARS = 128;
  private static final Pattern FORM =
      Pattern.compile("(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  /** What the header says; empty if it is absent or malformed, as the standard wants it. */
  public static Optional<TraceParent> parse(@Nullable String header) {
    if (header == null || header.length() > MAX_CHARS) {
      return Optional.empty();
    }
    Matcher matcher = FORM.matcher(header.strip());
    if (!matcher.matches() || (header.startsWith("00") && matcher.group(4) != null)) {
      return Optional.empty();
    }
    String traceId = matcher.group(1);
    String spanId = matcher.group(2);
    boolean absent = isZero(traceId) || isZero(spanId);
    boolean sampled = (Integer.parseInt(matcher.group(3), 16) & 1) != 0;
    return absent ? Optional.empty() : Optional.of(new TraceParent(traceId, spanId, sampled));
  }

  private static boolean isZero(String hex) {
    return hex.chars().allMatch(digit -> digit == '0');
  }
}
