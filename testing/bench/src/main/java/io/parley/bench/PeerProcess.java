package io.parley.bench;

import io.parley.bench.peers.LlamaCppPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a peer in a process of its own, after everything of this one has become idle. */
final class PeerProcess {
  private static final int TIME_LIMIT_MINUTES = 10;

  private PeerProcess() {}

  /**
   * Measures llama.cpp.
   *
   * @param libraries the directory {@code bins/linux-x64} of npm's {@code
   *     @node-llama-cpp/linux-x64}
   * @throws IOException that says what to install, if it is not there, or that it failed
   */
  static Speeds llamaCpp(Path libraries, Path model, int threads, int promptTokens)
      throws IOException, InterruptedException {
    if (!Files.isDirectory(libraries)) {
      throw new IOException(
          "llama.cpp is not in %s: npm install --prefix testing/llamacpp puts it there, or name its"
                  .formatted(libraries)
              + " place by --llamacpp");
    }
    Path directory = libraries.toRealPath();
    ProcessBuilder process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            LlamaCppPeer.class.getName(),
            directory.toString(),
            model.toAbsolutePath().toString(),
            Integer.toString(threads),
            Integer.toString(promptTokens));
    process.redirectError(ProcessBuilder.Redirect.DISCARD);
    return Speeds.parse(lines(process.start()));
  }

  /**
   * Measures Jlama with random weights of four bits, its own kind, and activations of eight.
   *
   * @param libraries the directory {@code testing/bench-jlama/target/lib}
   * @param shape what {@code JlamaPeer} asks for: layers, width, inner width, heads, key heads,
   *     vocabulary, context
   * @throws IOException that says what to build, if it is not there, or that it failed
   */
  static Speeds jlama(Path libraries, List<String> shape, int threads, int promptTokens)
      throws IOException, InterruptedException {
    if (!Files.isDirectory(libraries)) {
      throw new IOException(
          "Jlama is not in %s: mvn -Pprogram -pl testing/bench-jlama package puts it there"
              .formatted(libraries));
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules");
    command.add("jdk.incubator.vector");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(libraries + "/*");
    command.add("io.parley.bench.jlama.JlamaPeer");
    command.addAll(shape);
    command.add(Integer.toString(threads));
    command.add(Integer.toString(promptTokens));
    ProcessBuilder process = new ProcessBuilder(command);
    process.redirectError(ProcessBuilder.Redirect.DISCARD);
    return Speeds.parse(lines(process.start()));
  }

  private static List<String> lines(Process peer) throws IOException, InterruptedException {
    // A benchmark that is broken off must not leave a peer behind that spins on every core.
    Runtime.getRuntime().addShutdownHook(new Thread(peer::destroyForcibly, "end-of-peer"));
    try {
      List<String> lines = peer.inputReader().lines().toList();
      if (!peer.waitFor(TIME_LIMIT_MINUTES, TimeUnit.MINUTES) || peer.exitValue() != 0) {
        throw new IOException("the peer failed: " + lines);
      }
      return lines;
    } finally {
      peer.destroyForcibly();
    }
  }
}
