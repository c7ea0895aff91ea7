package io.parley.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams that would go on for long: clients that leave, and a server that is told to stop. */
class LongStreamsTest {
  private static final int CONTEXT_TOKENS = 16_384;

  @TempDir Path directory;

  private RunningParley start(String... arguments) throws IOException {
    Path model = RandomModel.write(directory.resolve("random.gguf"), CONTEXT_TOKENS);
    String[] all = new String[arguments.length + 2];
    all[0] = "--model";
    all[1] = "random=" + model;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return RunningParley.start(directory, all);
  }

  @Test
  void aClientThatLeavesFreesItsBlocks() throws IOException {
    try (RunningParley parley = start()) {
      try (Stream one = new Stream(parley, 10_000);
          Stream other = new Stream(parley, 10_000)) {
        one.awaitEvent("content_block_delta");
        other.awaitEvent("content_block_delta");
        assertThat(parley.metric("parley_engine_blocks_used")).isPositive();
      }
      RunningParley.await("all blocks free", () -> parley.metric("parley_engine_blocks_used") == 0);
    }
  }

  @Test
  void sigtermLetsAStreamFinish() throws Exception {
    try (RunningParley parley = start();
        Stream stream = new Stream(parley, 1_500)) {
      stream.awaitEvent("content_block_delta");
      parley.terminate();
      List<String> rest = stream.readToEnd();
      assertThat(rest).last().isEqualTo("event: message_stop");
      assertThat(parley.exited(Duration.ofSeconds(20))).isTrue();
    }
  }

  @Test
  void sigtermEndsAStreamWithAnErrorWhenTheLimitHasPassed() throws Exception {
    Path config = directory.resolve("parley.yaml");
    java.nio.file.Files.writeString(config, "shutdown:\n  limit-ms: 300\n");
    try (RunningParley parley = start("--config", config.toString());
        Stream stream = new Stream(parley, 12_000)) {
      stream.awaitEvent("content_block_delta");
      parley.terminate();
      RunningParley.await("no new connections", () -> refused(parley));
      List<String> rest = stream.readToEnd();
      assertThat(rest).last().isEqualTo("event: error");
      assertThat(rest).doesNotContain("event: message_stop");
      assertThat(parley.exited(Duration.ofSeconds(20))).isTrue();
    }
  }

  private static boolean refused(RunningParley parley) {
    try {
      parley.connect().close();
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      return Assertions.fail(e);
    }
  }

  /** A stream of the random model, read line by line. */
  private static final class Stream implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader reader;

    Stream(RunningParley parley, int maxTokens) throws IOException {
      String body =
          """
          {"model": "random", "max_tokens": %d, "temperature": 0, "stream": true,
           "messages": [{"role": "user", "content": "go on"}]}"""
              .formatted(maxTokens);
      socket = parley.connect();
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(
              ("POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: "
                      + parley.key()
                      + "\r\nanthropic-version: 2023-06-01\r\nconnection: close\r\ncontent-length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(UTF_8));
      reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    void awaitEvent(String type) throws IOException {
      String line = reader.readLine();
      while (line != null && !line.equals("event: " + type)) {
        line = reader.readLine();
      }
      assertThat(line).as("the stream ended before " + type).isNotNull();
    }

    List<String> readToEnd() {
      return reader.lines().filter(line -> line.startsWith("event: ")).toList();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
