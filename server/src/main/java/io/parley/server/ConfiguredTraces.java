package io.parley.server;

import io.parley.common.ParleyException;
import io.parley.gateway.observation.RequestListener;
import io.parley.gateway.observation.Timeline;
import io.parley.server.config.ParleyConfig;
import io.parley.server.tracing.SpanExport;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Traces, if there is somewhere to send them. Thread-safe.
 *
 * @param export empty for none
 */
record ConfiguredTraces(Optional<SpanExport> export) implements RequestListener, AutoCloseable {
  /**
   * Traces as the settings have them.
   *
   * @throws ParleyException INVALID_REQUEST if the endpoint is no address
   */
  static ConfiguredTraces of(ParleyConfig config, Executor threads) {
    long slowNanos = TimeUnit.MILLISECONDS.toNanos(config.slo().ttftThresholdMs());
    return new ConfiguredTraces(
        config
            .tracing()
            .otlpEndpoint()
            .map(ConfiguredTraces::address)
            .map(to -> SpanExport.to(to, config.tracing().samplePercent(), slowNanos, threads)));
  }

  private static URI address(String text) {
    try {
      URI address = new URI(text);
      if (address.getHost() != null && String.valueOf(address.getScheme()).matches("https?")) {
        return address;
      }
    } catch (URISyntaxException e) {
      // Answered below, with every other text that is no address.
    }
    throw ParleyException.invalid(
        "tracing.otlp-endpoint: must be an address such as http://127.0.0.1:4318/v1/traces, not '%s'"
            .formatted(text));
  }

  @Override
  public void ended(Timeline timeline) {
    export.ifPresent(to -> to.ended(timeline));
  }

  @Override
  public void close() {
    export.ifPresent(SpanExport::close);
  }
}
