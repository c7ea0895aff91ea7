package io.parley.server;

import io.parley.engine.EngineLimits;
import io.parley.gateway.GatewayLimits;
import io.parley.gateway.GatewayLimits.Connections;
import io.parley.gateway.GatewayLimits.Requests;
import io.parley.gateway.GatewayLimits.Resumption;
import io.parley.gateway.GatewayLimits.Streams;
import io.parley.gateway.http.GatewayConfig;
import io.parley.gateway.idempotency.IdempotencyLimits;
import io.parley.gateway.slo.Slos;
import io.parley.safety.GateLimits;
import io.parley.server.config.ParleyConfig;
import io.parley.server.config.SloSettings;
import io.parley.serving.decoder.ModelSettings;
import java.nio.file.Path;
import java.util.Optional;

/** From settings to the limits that each part takes. What has no setting keeps its default. */
final class ConfiguredLimits {
  private ConfiguredLimits() {}

  static GatewayConfig ofGateway(ParleyConfig config) {
    ParleyConfig.Http http = config.http();
    GatewayLimits limits =
        new GatewayLimits(
            requests(http),
            streams(config.streams()),
            connections(http),
            resumption(config.streams()));
    return new GatewayConfig(
        http.host(), http.port(), http.eventLoops(), http.http2ClearText(), limits);
  }

  private static Requests requests(ParleyConfig.Http http) {
    Requests defaults = Requests.DEFAULTS;
    return new Requests(
        http.maxBodyBytes(),
        http.maxBodyBytesInFlight(),
        http.readTimeoutMs(),
        defaults.maxJsonDepth(),
        defaults.maxJsonTokens(),
        defaults.maxMessages(),
        defaults.maxTools(),
        defaults.maxStopSequences(),
        defaults.maxStopSequenceChars(),
        defaults.maxUserIdChars());
  }

  private static Streams streams(ParleyConfig.Streams streams) {
    return new Streams(
        streams.maxConcurrent(),
        streams.maxUnsentBytes(),
        streams.stalledTimeoutMs(),
        streams.pingIntervalMs(),
        Streams.DEFAULTS.sendBufferBytes());
  }

  private static Connections connections(ParleyConfig.Http http) {
    Connections defaults = Connections.DEFAULTS;
    return new Connections(
        http.maxConnections(),
        http.idleTimeoutMs(),
        defaults.lingerMs(),
        defaults.maxRequestLineBytes(),
        defaults.maxHeaderBytes());
  }

  private static Resumption resumption(ParleyConfig.Streams streams) {
    return new Resumption(
        streams.graceMs(), streams.keptMs(), streams.maxKeptBytes(), streams.maxKeptBytesInAll());
  }

  static IdempotencyLimits ofIdempotency(ParleyConfig.Streams streams) {
    return new IdempotencyLimits(streams.idempotencyMs(), IdempotencyLimits.DEFAULTS.leaseMs());
  }

  /** What clients are promised. */
  static Slos ofSlos(SloSettings slo) {
    return Slos.of(
        slo.ttftThresholdMs(),
        slo.ttftObjectivePercent() / 100,
        slo.interTokenThresholdMs(),
        slo.interTokenObjectivePercent() / 100,
        slo.availabilityObjectivePercent() / 100,
        slo.windowDays(),
        slo.alertLeastBad());
  }

  static GateLimits ofGates(ParleyConfig.Safety safety) {
    return new GateLimits(
        safety.inputBudgetMs(), safety.outputBudgetMs(), safety.lookAheadTokens());
  }

  static ModelSettings ofModel(ParleyConfig config, String name, Path file) {
    ParleyConfig.Engine engine = config.engine();
    return new ModelSettings(
        name,
        file,
        (long) engine.kvCacheMb() << 20,
        engine.kvCacheType(),
        EngineLimits.DEFAULT_BLOCK_TOKENS,
        engine.maxBatchTokens(),
        engine.maxSequences(),
        engine.maxWaiting(),
        engine.maxWaitMs(),
        engine.prefixCache(),
        engine.maxDraftTokens(),
        Optional.ofNullable(config.models().drafts().get(name)),
        (long) engine.swapMb() << 20);
  }
}
