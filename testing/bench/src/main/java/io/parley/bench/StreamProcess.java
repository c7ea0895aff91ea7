package io.parley.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@link StreamLoad} in a process of its own. Belongs to one thread. */
final class StreamProcess implements AutoCloseable {
  private static final int LIMIT_SECONDS = 330;

  private final Process process;
  private final BufferedReader lines;

  /** How many streams began, and how many were answered otherwise. */
  record Begun(int begun, int refused) {}

  /** How late tokens came, and how many streams came to their end; see {@link StreamLoad}. */
  record Lateness(long tokens, long openingP99Micros, long p50Micros, long p99Micros, int ended) {}

  private StreamProcess(Process process) {
    this.process = process;
    this.lines = process.inputReader();
  }

  /**
   * Opens streams.
   *
   * @param tokens of each
   */
  static StreamProcess start(WholeGateway gateway, int streams, int tokens) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("-XX:+UseSerialGC");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(StreamLoad.class.getName());
    for (int number : new int[] {gateway.port(), streams, tokens, LIMIT_SECONDS}) {
      command.add(Integer.toString(number));
    }
    command.addAll(gateway.keys());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "end-of-client"));
    return new StreamProcess(process);
  }

  /** Waits until each stream has begun, or was refused. */
  Begun awaitBegun() throws IOException {
    String[] words = line("begun");
    return new Begun(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
  }

  /** Waits until all is over. */
  Lateness awaitEnd() throws IOException {
    String[] words = line("tokens");
    return new Lateness(
        Long.parseLong(words[1]),
        Long.parseLong(words[2]),
        Long.parseLong(words[3]),
        Long.parseLong(words[4]),
        Integer.parseInt(words[5]));
  }

  private String[] line(String kind) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ");
      if (words[0].equals(kind)) {
        return words;
      }
    }
    throw new IOException("the client of the streams failed");
  }

  @Override
  public void close() {
    Process _ = process.destroyForcibly().onExit().join();
  }
}
