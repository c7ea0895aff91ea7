package io.parley.gateway.http;

import io.parley.gateway.GatewayLimits;

/**
 * Where a gateway listens.
 *
 * @param host address or name of the interface, such as {@code 127.0.0.1} or {@code 0.0.0.0}
 * @param port 0 to 65535; 0 for any that is free
 * @param eventLoops threads that serve connections; 0 for one per core
 * @param http2ClearText whether to speak HTTP/2 without TLS too, for a proxy in front that does. It
 *     then takes a whole request head to tell which protocol a connection speaks, and until then
 *     neither the limit of connections nor the idle timeout sees it: not for the open internet
 */
public record GatewayConfig(
    String host, int port, int eventLoops, boolean http2ClearText, GatewayLimits limits) {
  public GatewayConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be from 0 to 65535: " + port);
    }
    if (eventLoops < 0) {
      throw new IllegalArgumentException("eventLoops must not be negative: " + eventLoops);
    }
  }
}
