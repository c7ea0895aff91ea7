package io.parley.bench;

import io.parley.common.TimeSource;
import io.parley.safety.GateLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * The gateway with all that stands in a request's way ({@link WholeGateway}) and a model that costs
 * nothing. Of requests it is measured what the gateway adds: the same client asks the same model
 * without it ({@link StubModel}). That client is in the gateway's process and shares its machine,
 * so rates and processor time hold for both together. Streams have a client in a process of its
 * own. Look-ahead is set to none for them, since it delays text by tokens, not by work.
 */
final class GatewayBench {
  private static final int TICK_MS = 200;
  private static final int WARM_UP_SECONDS = 5;

  /** What a compiler takes that shares the processors with what it compiles. */
  private static final int FIRST_WARM_UP_SECONDS = 20;

  private static final int ANSWER_TOKENS = 16;

  /** What the gateway has to serve on this machine: latency is measured at this rate, too. */
  private static final int REQUIRED_PER_SECOND = 8_000;

  /** Streams live so much longer, for all of them to be open together. */
  private static final int STREAMS_OPENED_PER_MS = 1;

  /** A pace at which a stream does nothing while it is looked at. */
  private static final int IDLE_TICK_MS = 20_000;

  private final Settings settings;
  private final TimeSource time;

  /**
   * What to measure.
   *
   * @param connections that send requests
   * @param streams open at once; 0 for none
   * @param seconds length of each measurement
   * @param portkey where the peer is installed; empty for no peer
   */
  record Settings(int connections, int streams, int seconds, Optional<Path> portkey) {}

  GatewayBench(Settings settings, TimeSource time) {
    this.settings = settings;
    this.time = time;
  }

  Report run() throws Exception {
    Report report = new Report("gateway");
    try (WholeGateway gateway = WholeGateway.start(0, GateLimits.DEFAULTS, time)) {
      byte[] request = body(gateway.key(), false, ANSWER_TOKENS);
      new RequestLoad(request, gateway.port(), time)
          .run(settings.connections, FIRST_WARM_UP_SECONDS);
    }
    Path disk = Path.of(System.getProperty("java.io.tmpdir"));
    report.add(
        "disk, sync of " + DiskSync.BYTES + " bytes, p50", DiskSync.p50Micros(disk, time), "µs");
    try (StubModel model = new StubModel()) {
      for (int connections : new int[] {settings.connections, 1}) {
        addRequests(report, connections, model);
      }
      addPaced(report, model);
    }
    if (settings.streams > 0) {
      addIdleStreams(report);
      addStreams(report);
    }
    return report;
  }

  private void addRequests(Report report, int connections, StubModel model) throws Exception {
    String name = connections + (connections == 1 ? " connection, " : " connections, ");
    byte[] plain = body("none", false, ANSWER_TOKENS);
    RequestLoad.Outcome direct =
        measured(
            new RequestLoad(plain, model.port(), time), connections, "direct, " + name, report);
    try (WholeGateway gateway = WholeGateway.start(0, GateLimits.DEFAULTS, time)) {
      byte[] request = body(gateway.key(), false, ANSWER_TOKENS);
      RequestLoad load = new RequestLoad(request, gateway.port(), time);
      load.run(settings.connections, WARM_UP_SECONDS);
      RequestLoad.Outcome ours = measured(load, connections, "gateway, " + name, report);
      report.add("gateway, " + name + "added p50", ours.p50Ms() - direct.p50Ms(), "ms");
      report.add("gateway, " + name + "processor", ours.processorMicrosEach(), "µs each");
      gateway
          .stageMicros()
          .forEach((stage, micros) -> report.add("gateway, " + name + stage, micros, "µs"));
    }
    if (settings.portkey.isPresent()) {
      addPortkey(report, connections, name, model, direct, settings.portkey.get());
    }
  }

  /** As many connections, but no more than the rate that is required on all of them together. */
  private void addPaced(Report report, StubModel model) throws Exception {
    String name = settings.connections + " connections at " + REQUIRED_PER_SECOND + "/s, ";
    RequestLoad direct = new RequestLoad(body("none", false, ANSWER_TOKENS), model.port(), time);
    double directMs = paced(direct, "direct, " + name, report);
    try (WholeGateway gateway = WholeGateway.start(0, GateLimits.DEFAULTS, time)) {
      RequestLoad load =
          new RequestLoad(body(gateway.key(), false, ANSWER_TOKENS), gateway.port(), time);
      load.run(settings.connections, WARM_UP_SECONDS);
      double oursMs = paced(load, "gateway, " + name, report);
      report.add("gateway, " + name + "added p50", oursMs - directMs, "ms");
    }
  }

  private double paced(RequestLoad load, String name, Report report)
      throws InterruptedException, ExecutionException {
    load.run(settings.connections, 1, REQUIRED_PER_SECOND);
    RequestLoad.Outcome outcome =
        load.run(settings.connections, settings.seconds, REQUIRED_PER_SECOND);
    add(outcome, name, report);
    return outcome.p50Ms();
  }

  private static void add(RequestLoad.Outcome outcome, String name, Report report) {
    report.add(name + "rate", outcome.rate(), "1/s");
    report.add(name + "p50", outcome.p50Ms(), "ms");
    report.add(name + "p99", outcome.p99Ms(), "ms");
    outcome
        .refused()
        .forEach(
            (status, times) -> report.add(name + "refused, " + status, times.doubleValue(), ""));
  }

  private void addPortkey(
      Report report,
      int connections,
      String name,
      StubModel model,
      RequestLoad.Outcome direct,
      Path directory)
      throws Exception {
    try (Portkey portkey = Portkey.start(directory)) {
      RequestLoad load = new RequestLoad(Portkey.request(model.port()), portkey.port(), time);
      load.run(settings.connections, WARM_UP_SECONDS);
      long before = portkey.processorMicros();
      RequestLoad.Outcome theirs = measured(load, connections, "Portkey, " + name, report);
      long processor = theirs.processorMicros() + portkey.processorMicros() - before;
      report.add("Portkey, " + name + "added p50", theirs.p50Ms() - direct.p50Ms(), "ms");
      report.add(
          "Portkey, " + name + "processor",
          (double) processor / theirs.micros().getTotalCount(),
          "µs each");
    }
  }

  private RequestLoad.Outcome measured(
      RequestLoad load, int connections, String name, Report report)
      throws InterruptedException, ExecutionException {
    load.run(connections, 1);
    RequestLoad.Outcome outcome = load.run(connections, settings.seconds);
    add(outcome, name, report);
    return outcome;
  }

  private void addIdleStreams(Report report) throws IOException {
    try (WholeGateway gateway = WholeGateway.start(IDLE_TICK_MS, noLookAhead(), time)) {
      try (StreamProcess warm = StreamProcess.start(gateway, 1, 1)) {
        warm.awaitBegun();
        long before = ProcessFigures.liveHeapBytes();
        try (StreamProcess client = StreamProcess.start(gateway, settings.streams, 1)) {
          int begun = client.awaitBegun().begun();
          long taken = ProcessFigures.liveHeapBytes() - before;
          report.add("idle streams, open", begun, "");
          report.add("idle streams, live heap", taken / 1024.0 / Math.max(1, begun), "KB each");
        }
      }
    }
  }

  private void addStreams(Report report) throws IOException {
    int openingMs = settings.streams / STREAMS_OPENED_PER_MS;
    int tokens = (settings.seconds * 1000 + openingMs) / TICK_MS;
    String prefix = "streams, %d at %d tokens/s, ".formatted(settings.streams, 1000 / TICK_MS);
    try (WholeGateway gateway = WholeGateway.start(TICK_MS, noLookAhead(), time)) {
      try (StreamProcess warm = StreamProcess.start(gateway, settings.connections, tokens)) {
        warm.awaitEnd();
      }
      try (StreamProcess client = StreamProcess.start(gateway, settings.streams, tokens)) {
        StreamProcess.Begun begun = client.awaitBegun();
        StreamProcess.Lateness late = client.awaitEnd();
        report.add(prefix + "begun", begun.begun(), "");
        report.add(prefix + "refused", begun.refused(), "");
        report.add(prefix + "ended", late.ended(), "");
        report.add(prefix + "tokens", (double) late.tokens(), "");
        report.add(prefix + "lateness p99 while they open", late.openingP99Micros() / 1e3, "ms");
        report.add(prefix + "lateness p50", late.p50Micros() / 1e3, "ms");
        report.add(prefix + "lateness p99", late.p99Micros() / 1e3, "ms");
      }
    }
  }

  private static GateLimits noLookAhead() {
    return new GateLimits(
        GateLimits.DEFAULTS.inputBudgetMs(), GateLimits.DEFAULTS.outputBudgetMs(), 0);
  }

  static byte[] body(String key, boolean stream, int maxTokens) {
    return HttpConnection.post(
        "/v1/messages",
        key,
        "{\"model\":\"%s\",\"max_tokens\":%d,\"stream\":%b,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
            .formatted(PacedModelPool.MODEL, maxTokens, stream));
  }
}
