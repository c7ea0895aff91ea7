package io.parley.server.cli;

import io.parley.server.DataDirectory;
import io.parley.server.Platform;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** What the server says on its console. */
final class Announcement implements Platform.FirstKeyListener {
  private final PrintWriter out;

  Announcement(PrintWriter out) {
    this.out = out;
  }

  /** The one time that the key is shown. */
  @Override
  public void made(String secret, Path file) {
    out.println("A first API key was made. It is shown this once, and kept in " + file + ":");
    out.println("  " + secret);
  }

  void ready(Platform platform, DataDirectory directory, Duration sinceStart) {
    out.printf(
        Locale.ROOT,
        "Parley is ready at %s with %s (claude-* is %s), %.1f s after its start.%n",
        platform.url(),
        String.join(", ", platform.modelNames()),
        platform.defaultModel(),
        sinceStart.toMillis() / 1000.0);
    out.println("Try it:");
    out.println("  " + curl(platform, directory));
  }

  private static String curl(Platform platform, DataDirectory directory) {
    String key =
        Files.exists(directory.devKey()) ? "$(cat '%s')".formatted(directory.devKey()) : "YOUR-KEY";
    return """
        curl -N %s/v1/messages -H "x-api-key: %s" -H 'anthropic-version: 2023-06-01' \
        -H 'content-type: application/json' \
        -d '{"model":"%s","max_tokens":200,"stream":true,"messages":[{"role":"user","content":"What is Parley?"}]}'"""
        .formatted(platform.url(), key, platform.defaultModel());
  }

  void stopping(Duration limit) {
    out.printf(
        "Stopping: running requests have %d s to finish. A second signal ends them now.%n",
        limit.toSeconds());
  }
}
