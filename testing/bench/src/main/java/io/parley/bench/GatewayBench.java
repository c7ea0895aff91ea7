package io.parley.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.gateway.GatewayLimits;
import io.parley.gateway.Principal;
import io.parley.gateway.Scope;
import io.parley.gateway.http.Gateway;
import io.parley.gateway.http.GatewayConfig;
import io.parley.gateway.http.GatewayParts;
import io.parley.gateway.messages.Accounts;
import io.parley.gateway.messages.Turnstile;
import io.parley.ports.model.Share;
import io.parley.safety.Auditor;
import io.parley.safety.GateLimits;
import io.parley.safety.InputGuard;
import io.parley.safety.OutputGuard;
import io.parley.safety.rules.RuleSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/**
 * The gateway with all that stands in a request's way (authentication, validation, both gates,
 * metrics) and a model that costs nothing. Server and load generator share the machine, so the
 * figures hold for both together. Look-ahead is set to none for the streams, since it delays text
 * by tokens, not by work.
 */
final class GatewayBench {
  private static final String KEY = "sk-parley-bench";
  private static final Principal PRINCIPAL =
      new Principal("bench", Optional.empty(), "bench", Set.of(Scope.MESSAGES), Share.EQUAL);
  private static final int TICK_MS = 200;
  private static final Pattern DUE = Pattern.compile("(\\d{6,19}) ");

  private final TimeSource time;
  private final int connections;
  private final int streams;
  private final int seconds;

  GatewayBench(int connections, int streams, int seconds, TimeSource time) {
    this.time = time;
    this.connections = connections;
    this.streams = streams;
    this.seconds = seconds;
  }

  Report run() throws Exception {
    Report report = new Report("gateway");
    try (Setup immediate = new Setup(0, GateLimits.DEFAULTS, time)) {
      requests(immediate, connections, Math.min(seconds, 5));
      addRequests(report, requests(immediate, 1, seconds), 1);
      addRequests(report, requests(immediate, connections, seconds), connections);
    }
    GateLimits noLookAhead = new GateLimits(50, 50, 0);
    try (Setup paced = new Setup(TICK_MS, noLookAhead, time)) {
      addStreams(report, paced);
    }
    return report;
  }

  private void addRequests(Report report, Histogram micros, int clients) {
    String prefix = "requests, " + clients + (clients == 1 ? " connection, " : " connections, ");
    report.add(prefix + "rate", (double) micros.getTotalCount() / seconds, "1/s");
    report.add(prefix + "p50", micros.getValueAtPercentile(50) / 1e3, "ms");
    report.add(prefix + "p99", micros.getValueAtPercentile(99) / 1e3, "ms");
  }

  /** Latencies in microseconds of requests that follow each other on every connection. */
  private Histogram requests(Setup setup, int clients, int seconds) throws Exception {
    byte[] request = body(false, 16);
    long end = time.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    return onConnections(
        setup.port(),
        clients,
        connection -> {
          Histogram micros = new Histogram(3);
          while (time.nanoTime() < end) {
            long start = time.nanoTime();
            connection.exchange(request, body -> {});
            micros.recordValue((time.nanoTime() - start) / 1000);
          }
          return micros;
        });
  }

  private void addStreams(Report report, Setup setup) throws Exception {
    byte[] request = body(true, seconds * 1000 / TICK_MS);
    Histogram micros =
        onConnections(
            setup.port(),
            streams,
            connection -> {
              Histogram late = new Histogram(3);
              connection.exchange(request, piece -> recordLateness(piece, late));
              return late;
            });
    String prefix = "streams, " + streams + " at " + 1000 / TICK_MS + " tokens/s, ";
    report.add(prefix + "tokens", (double) micros.getTotalCount(), "");
    report.add(prefix + "lateness p50", micros.getValueAtPercentile(50) / 1e3, "ms");
    report.add(prefix + "lateness p99", micros.getValueAtPercentile(99) / 1e3, "ms");
  }

  private void recordLateness(byte[] piece, Histogram micros) {
    long now = time.nanoTime();
    Matcher due = DUE.matcher(new String(piece, ISO_8859_1));
    while (due.find()) {
      micros.recordValue(Math.max(0, now - Long.parseLong(due.group(1))) / 1000);
    }
  }

  private interface Client {
    Histogram drive(HttpConnection connection) throws IOException;
  }

  private static Histogram onConnections(int port, int count, Client client)
      throws InterruptedException, ExecutionException {
    Histogram sum = new Histogram(3);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Histogram>> clients = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        clients.add(
            () -> {
              try (HttpConnection connection = new HttpConnection(port)) {
                return client.drive(connection);
              }
            });
      }
      for (Future<Histogram> part : threads.invokeAll(clients)) {
        sum.add(part.get());
      }
    }
    return sum;
  }

  private static byte[] body(boolean stream, int maxTokens) {
    return HttpConnection.post(
        "/v1/messages",
        KEY,
        "{\"model\":\"%s\",\"max_tokens\":%d,\"stream\":%b,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
            .formatted(PacedModelPool.MODEL, maxTokens, stream));
  }

  /** A gateway with its model. */
  private static final class Setup implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final PacedModelPool models;
    private final Gateway gateway;

    Setup(long tickMs, GateLimits gates, TimeSource time) {
      RuleSet rules = RuleSet.shipped();
      models = new PacedModelPool(tickMs, time);
      gateway =
          Gateway.start(
              new GatewayConfig("127.0.0.1", 0, 0, false, GatewayLimits.DEFAULTS),
              new GatewayParts(
                  models,
                  secret -> secret.equals(KEY) ? Optional.of(PRINCIPAL) : Optional.empty(),
                  Optional.empty(),
                  new InputGuard(rules.inputGate(), gates, threads, Auditor.NONE),
                  Turnstile.OPEN,
                  new OutputGuard(rules.outputGate(), gates, time, Auditor.NONE),
                  Accounts.NONE,
                  new SimpleMeterRegistry(),
                  () -> "",
                  time,
                  new Ulid(time, new SplittableRandom(1)),
                  threads));
    }

    int port() {
      return gateway.port();
    }

    @Override
    public void close() {
      gateway.close();
      models.close();
      threads.close();
    }
  }
}
