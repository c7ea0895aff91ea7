package io.parley.gateway.limits;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an organisation has left of a model's limits.
 *
 * @param nowMs the moment, in milliseconds since 1970
 */
record Standing(long nowMs, Allowance requests, Allowance input, Allowance output) {
  private static final String PREFIX = "anthropic-ratelimit-";

  /**
   * The headers that tell it, by name. Where there is no limit there is no header; the family
   * {@code tokens} is that of input and output of which less is left.
   */
  Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    put(headers, "requests", requests);
    put(headers, "input-tokens", input);
    put(headers, "output-tokens", output);
    put(headers, "tokens", input.remaining() <= output.remaining() ? input : output);
    return headers;
  }

  private void put(Map<String, String> headers, String family, Allowance allowance) {
    allowance
        .perMinute()
        .ifPresent(
            size -> {
              headers.put(PREFIX + family + "-limit", Long.toString(size));
              headers.put(PREFIX + family + "-remaining", Long.toString(allowance.remaining()));
              Instant full = Instant.ofEpochMilli(nowMs + allowance.fullInMs());
              headers.put(PREFIX + family + "-reset", full.toString());
            });
  }
}
