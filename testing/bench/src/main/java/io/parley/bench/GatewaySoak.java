package io.parley.bench;

import io.parley.common.TimeSource;
import io.parley.safety.GateLimits;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.ExecutionException;

/**
 * Half of what the gateway can do, for a long time: memory and files have to stay flat, but for the
 * rows and entries that are kept of every request; and each request is billed, once.
 */
final class GatewaySoak {
  private static final int PEAK_SECONDS = 10;
  private static final double MB = 1 << 20;

  private final int connections;
  private final PrintStream out;
  private final TimeSource time;

  GatewaySoak(int connections, PrintStream out, TimeSource time) {
    this.connections = connections;
    this.out = out;
    this.time = time;
  }

  /** Prints a line each minute; whether every request was billed once. */
  boolean run(int minutes) throws IOException, InterruptedException, ExecutionException {
    try (WholeGateway gateway = WholeGateway.start(0, GateLimits.DEFAULTS, time)) {
      byte[] request = GatewayBench.body(gateway.key(), false, 16);
      RequestLoad load = new RequestLoad(request, gateway.port(), time);
      long answered = load.run(connections, PEAK_SECONDS).micros().getTotalCount();
      RequestLoad.Outcome peak = load.run(connections, PEAK_SECONDS);
      answered += peak.micros().getTotalCount();
      out.printf(Locale.ROOT, "peak %.0f requests/s; half of it from here on%n", peak.rate());
      for (int minute = 1; minute <= minutes; minute++) {
        RequestLoad.Outcome outcome = load.run(connections, 60, peak.rate() / 2);
        answered += outcome.micros().getTotalCount();
        print(minute, outcome, gateway, answered);
      }
      long billed = gateway.billed();
      out.printf("%d requests answered, %d billed%n", answered, billed);
      return answered == billed;
    }
  }

  private void print(int minute, RequestLoad.Outcome outcome, WholeGateway gateway, long answered)
      throws IOException {
    WholeGateway.Sizes files = gateway.files();
    out.printf(
        Locale.ROOT,
        "minute %d: %.0f requests/s, p50 %.2f ms, p99 %.2f ms, refused by status %s; live heap %.1f MB, resident %.0f MB,"
            + " %d open files; journal %.1f MB; database %.1f MB and audit log %.1f MB, %.0f and %.0f"
            + " bytes a request%n",
        minute,
        outcome.rate(),
        outcome.p50Ms(),
        outcome.p99Ms(),
        outcome.refused(),
        ProcessFigures.liveHeapBytes() / MB,
        ProcessFigures.residentBytes() / MB,
        ProcessFigures.openFiles(),
        files.journalBytes() / MB,
        files.databaseBytes() / MB,
        files.auditBytes() / MB,
        (double) files.databaseBytes() / answered,
        (double) files.auditBytes() / answered);
  }
}
