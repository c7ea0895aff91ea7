package io.parley.gateway.limits;

import java.time.Instant;
import java.util.function.BiConsumer;

/**
 * What an organisation has left of a model's limits.
 *
 * @param nowMs the moment, in milliseconds since 1970
 */
record Standing(long nowMs, Allowance requests, Allowance input, Allowance output) {
  private static final String PREFIX = "anthropic-ratelimit-";

  /**
   * Tells it in the headers that clients know. Where there is no limit there is no header; the
   * family {@code tokens} is that of input and output of which less is left.
   *
   * @param header is given names and values
   */
  void tell(BiConsumer<String, String> header) {
    tell(header, "requests", requests);
    tell(header, "input-tokens", input);
    tell(header, "output-tokens", output);
    tell(header, "tokens", input.remaining() <= output.remaining() ? input : output);
  }

  private void tell(BiConsumer<String, String> header, String family, Allowance allowance) {
    allowance
        .perMinute()
        .ifPresent(
            size -> {
              header.accept(PREFIX + family + "-limit", Long.toString(size));
              header.accept(PREFIX + family + "-remaining", Long.toString(allowance.remaining()));
              Instant full = Instant.ofEpochMilli(nowMs + allowance.fullInMs());
              header.accept(PREFIX + family + "-reset", full.toString());
            });
  }
}
