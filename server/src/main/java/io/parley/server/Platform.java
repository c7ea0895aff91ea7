package io.parley.server;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.administration.AdministrationLimits;
import io.parley.gateway.http.Gateway;
import io.parley.gateway.http.GatewayParts;
import io.parley.gateway.http.Mount;
import io.parley.gateway.inprocess.InProcessMessages;
import io.parley.safety.rules.ModelRules;
import io.parley.server.config.ParleyConfig;
import io.parley.web.WebFiles;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A running server: the one place where the parts are put together. It starts from the bottom up
 * (adapters, services, HTTP) and stops from the top down. Owned by one thread.
 */
public final class Platform implements AutoCloseable {
  private final ParleyConfig config;
  private final ModelCatalogue catalogue;
  private final Gateway gateway;
  private final Closer below;
  private boolean stopped;

  /** Is told of the first API key, once, when it is good. */
  public interface FirstKeyListener {
    /**
     * A key was made.
     *
     * @param file where it is kept too
     */
    void made(String secret, Path file);
  }

  private Platform(ParleyConfig config, ModelCatalogue catalogue, Gateway gateway, Closer below) {
    this.config = config;
    this.catalogue = catalogue;
    this.gateway = gateway;
    this.below = below;
  }

  /**
   * Starts a server; when this returns, it answers requests.
   *
   * @param home directory of the installation, where the models are that ship
   * @param data stays the caller's to close, after the platform
   * @throws ParleyException if a model, the database or the audit log cannot be used, or the port
   *     is taken
   */
  public static Platform start(
      ParleyConfig config,
      Path home,
      DataDirectory data,
      TimeSource time,
      FirstKeyListener firstKey) {
    Closer opened = new Closer();
    try {
      return start(config, home, data, time, firstKey, opened);
    } catch (RuntimeException e) {
      opened.closeAfter(e);
      throw e;
    }
  }

  private static Platform start(
      ParleyConfig config,
      Path home,
      DataDirectory data,
      TimeSource time,
      FirstKeyListener firstKey,
      Closer opened) {
    SecureRandom random = new SecureRandom();
    ModelCatalogue catalogue = ModelCatalogue.of(config.models(), home);
    ModelRules rules = ConfiguredRules.load(config);
    Profile profile = EmbeddedProfile.open(config, catalogue, data, time, random);
    opened.add(profile::close);
    Books books =
        Books.open(config.safety().audit(), data.path(), profile.database(), time, random);
    opened.add(books::close);
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("call-", 0).factory());
    opened.add(threads::shutdownNow);
    ConfiguredTraces traces = ConfiguredTraces.of(config, threads);
    opened.add(traces::close);
    Administration administration =
        new Administration(profile.database(), time, random, AdministrationLimits.DEFAULTS);
    administration
        .bootstrap(key -> data.writeDevKey(key.secret()))
        .ifPresent(key -> firstKey.made(key.secret(), data.devKey()));
    InProcessMessages services =
        new InProcessMessages(profile.database(), time, new Ulid(time, random), threads, "chat");
    ChatAssembly chat =
        new ChatAssembly(
            ConfiguredChat.of(config, data.path()),
            catalogue,
            profile,
            services,
            time,
            random,
            threads);
    opened.add(chat::close);
    GatewayParts parts =
        new GatewayAssembly(config, catalogue, rules, profile, books, traces, time, random, threads)
            .parts(administration, services, List.of(chat.mount(), web()));
    return new Platform(config, catalogue, listen(config, parts), opened);
  }

  private static Mount web() {
    return new Mount("web", WebFiles::takes, WebFiles::handler);
  }

  private static Gateway listen(ParleyConfig config, GatewayParts parts) {
    try {
      return Gateway.start(ConfiguredLimits.ofGateway(config), parts);
    } catch (UncheckedIOException e) {
      String why = Objects.requireNonNull(e.getCause()).getMessage();
      throw new ParleyException(
          ErrorCode.CONFLICT, why + ". Choose another with --port N or --host H", e);
    }
  }

  /** Where it answers. */
  public String url() {
    String host = config.http().host();
    return "http://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, gateway.port());
  }

  /** The names of the models that it serves. */
  public List<String> modelNames() {
    return List.copyOf(catalogue.files().keySet());
  }

  /** The model that names such as {@code claude-*} mean if nothing else is set. */
  public String defaultModel() {
    return catalogue.defaultModel();
  }

  /**
   * Takes no new requests, lets those under way go on for at most {@code limit}, ends the rest with
   * an error event, and gives everything back. Blocks until that is done; calling it again does
   * nothing.
   */
  public void stop(Duration limit) {
    if (!stopped) {
      stopped = true;
      gateway.stop(limit);
      below.close();
    }
  }

  /** Stops without waiting for what is under way. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }
}
