package io.parley.server.cli;

import io.parley.server.Platform;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * One question to a server on a new data directory. It makes the JVM load what a start and an
 * answer need, which the JVM at its end keeps in an archive for the starts to come.
 */
final class Rehearsal implements Platform.FirstKeyListener {
  private String key = "";

  @Override
  public void made(String secret, Path file) {
    key = secret;
  }

  /**
   * Asks, and reads the answer to its end.
   *
   * @throws UncheckedIOException if the server does not answer
   */
  void ask(Platform platform) {
    URI url = URI.create(platform.url());
    byte[] request = request(platform.defaultModel()).getBytes(StandardCharsets.UTF_8);
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.getOutputStream().write(request);
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String request(String model) {
    String body =
        """
        {"model":"%s","max_tokens":8,"stream":true,"messages":[{"role":"user","content":"Hello"}]}"""
            .formatted(model);
    return """
        POST /v1/messages HTTP/1.1
        host: localhost
        connection: close
        x-api-key: %s
        anthropic-version: 2023-06-01
        content-type: application/json
        content-length: %d

        %s"""
        .formatted(key, body.getBytes(StandardCharsets.UTF_8).length, body)
        .replace("\n", "\r\n");
  }
}
