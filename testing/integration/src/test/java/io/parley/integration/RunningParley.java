package io.parley.integration;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The server as a process of its own, with a data directory of its own. Closing kills it if it
 * still runs.
 */
final class RunningParley implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  /** Two looks at memory that differ by less see the same. */
  private static final long SETTLED_BYTES = 4L << 20;

  private static final int MOST_LOOKS = 20;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final Path data;
  private final Path log;
  private final int port;

  private RunningParley(Process process, Path data, Path log, int port) {
    this.process = process;
    this.data = data;
    this.log = log;
    this.port = port;
  }

  /** Starts {@code serve} with further arguments and waits until it is ready. */
  static RunningParley start(Path directory, String... arguments) {
    return start(directory, freePort(), arguments);
  }

  /** The same at the port and with the data of a server that is gone. */
  static RunningParley start(Path directory, int port, String... arguments) {
    try {
      Path data = directory.resolve("data");
      Path log = directory.resolve("server.log");
      ProcessBuilder builder =
          new ProcessBuilder(command(port, data, arguments))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      // A test machine may be busy enough to make a sound gate late.
      builder.environment().put("PARLEY_SAFETY_INPUT_BUDGET_MS", "5000");
      builder.environment().put("PARLEY_SAFETY_OUTPUT_BUDGET_MS", "5000");
      Process process = builder.start();
      RunningParley parley = new RunningParley(process, data, log, port);
      parley.awaitReady();
      return parley;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(int port, Path data, String... arguments) {
    Path home = Path.of("../..").toAbsolutePath().normalize();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                // All of the heap is resident from the start, see memoryBytes.
                "-Xms1g",
                "-Xmx1g",
                "-XX:+AlwaysPreTouch",
                "-Dparley.home=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                "io.parley.server.cli.Main",
                "serve",
                "--port",
                Integer.toString(port),
                "--data",
                data.toString()));
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!ready()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        process.destroyForcibly();
        throw new IllegalStateException("the server did not start:\n" + Files.readString(log));
      }
      pause(Duration.ofMillis(50));
    }
  }

  private boolean ready() {
    try {
      return get("/readyz").statusCode() == 200;
    } catch (UncheckedIOException notListening) {
      return false;
    }
  }

  int port() {
    return port;
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  Path log() {
    return log;
  }

  String key() {
    try {
      return Files.readString(data.resolve("dev-key")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  AnthropicClient client() {
    return AnthropicOkHttpClient.builder().baseUrl(url()).apiKey(key()).build();
  }

  Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(URI.create(url() + path)));
  }

  /** Posts a body to the Messages API with the key. */
  HttpResponse<String> post(String body) {
    return send(messages(body));
  }

  /** The same as a request, for a client that wants to stream. */
  HttpRequest message(String body) {
    return messages(body).build();
  }

  private HttpRequest.Builder messages(String body) {
    return HttpRequest.newBuilder(URI.create(url() + "/v1/messages"))
        .header("x-api-key", key())
        .header("anthropic-version", "2023-06-01")
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The sum of a metric over its labels, as {@code /metrics} shows it. */
  double metric(String name) {
    return metric(name, "");
  }

  private double metric(String name, String label) {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .filter(line -> line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /**
   * Memory that the process needs, in bytes: what is live in the heap, and all that is resident
   * outside of it. How much of the heap a collector leaves untouched is its own affair. A process
   * that has just started lets go of hundreds of megabytes, so it is looked at until that is over.
   */
  long memoryBytes() {
    long last = memoryNow();
    for (int look = 0; look < MOST_LOOKS; look++) {
      long now = memoryNow();
      if (Math.abs(now - last) < SETTLED_BYTES) {
        return now;
      }
      last = now;
    }
    return last;
  }

  private long memoryNow() {
    collectGarbage();
    double heap = metric("jvm_memory_committed_bytes", "area=\"heap\"");
    double live = metric("jvm_memory_used_bytes", "area=\"heap\"");
    return residentBytes() - (long) (heap - live);
  }

  private void collectGarbage() {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    try {
      new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.run")
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private long residentBytes() {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      String line = lines.filter(l -> l.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D+", "")) * 1024;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** Sends SIGKILL, and returns when the process is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  boolean exited(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Waits for a condition that the server reaches by itself; fails after ten seconds. */
  static void await(String what, java.util.function.BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("did not happen: " + what);
      }
      pause(Duration.ofMillis(20));
    }
  }

  private static void pause(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }

  @Override
  public void close() {
    process.destroyForcibly();
    http.close();
  }
}
