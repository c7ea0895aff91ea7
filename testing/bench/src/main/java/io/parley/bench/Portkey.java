package io.parley.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Portkey's gateway in a process of its own, forwarding to a model on this machine. It checks no
 * keys, keeps no limits, no accounts and no audit log, and searches no text.
 */
final class Portkey implements AutoCloseable {
  private static final int START_ATTEMPTS = 300;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Process process;
  private final int port;

  private Portkey(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Whether {@code npm install} put it there. */
  static boolean isIn(Path directory) {
    return Files.exists(program(directory));
  }

  private static Path program(Path directory) {
    return directory.resolve("node_modules/@portkey-ai/gateway/build/start-server.js");
  }

  /**
   * Starts it, and returns when it listens.
   *
   * @param directory one that it is in
   * @throws IOException if it does not start
   */
  static Portkey start(Path directory) throws IOException {
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder("node", program(directory).toString(), "--port=" + port, "--headless");
    builder.environment().put("NODE_ENV", "production");
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "end-of-peer"));
    Portkey portkey = new Portkey(process, port);
    portkey.awaitListening();
    return portkey;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void awaitListening() throws IOException {
    for (int i = 0; i < START_ATTEMPTS && process.isAlive(); i++) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    close();
    throw new IOException("Portkey's gateway did not start");
  }

  int port() {
    return port;
  }

  /** A request like the other gateway's, in the shape that this one forwards as it is. */
  static byte[] request(int modelPort) {
    return HttpConnection.post(
        "/v1/chat/completions",
        Map.of(
            "authorization", "Bearer none",
            "x-portkey-provider", "openai",
            "x-portkey-custom-host", "http://127.0.0.1:" + modelPort + "/v1"),
        "{\"model\":\"paced\",\"max_tokens\":16,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
  }

  /** Processor time of the process so far, in microseconds. */
  long processorMicros() {
    return process
        .toHandle()
        .info()
        .totalCpuDuration()
        .map(time -> time.toNanos() / 1_000)
        .orElse(0L);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
