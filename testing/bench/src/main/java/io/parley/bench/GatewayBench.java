package io.parley.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.parley.common.TimeSource;
import io.parley.safety.GateLimits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
 * The gateway with all that stands in a request's way ({@link WholeGateway}) and a model that costs
 * nothing. Server and load generator share the machine, so the figures hold for both together.
 * Look-ahead is set to none for the streams, since it delays text by tokens, not by work.
 */
final class GatewayBench {
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
    try (WholeGateway immediate = WholeGateway.start(0, GateLimits.DEFAULTS, time)) {
      requests(immediate, connections, Math.min(seconds, 5));
      addRequests(report, requests(immediate, 1, seconds), 1);
      addRequests(report, requests(immediate, connections, seconds), connections);
    }
    GateLimits noLookAhead = new GateLimits(50, 50, 0);
    try (WholeGateway paced = WholeGateway.start(TICK_MS, noLookAhead, time)) {
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
  private Histogram requests(WholeGateway gateway, int clients, int seconds) throws Exception {
    byte[] request = body(gateway.key(), false, 16);
    long end = time.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    return onConnections(
        gateway.port(),
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

  private void addStreams(Report report, WholeGateway gateway) throws Exception {
    byte[] request = body(gateway.key(), true, seconds * 1000 / TICK_MS);
    Histogram micros =
        onConnections(
            gateway.port(),
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

  private static byte[] body(String key, boolean stream, int maxTokens) {
    return HttpConnection.post(
        "/v1/messages",
        key,
        "{\"model\":\"%s\",\"max_tokens\":%d,\"stream\":%b,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
            .formatted(PacedModelPool.MODEL, maxTokens, stream));
  }
}
