package io.parley.server.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every command of administration has. */
final class AdminOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data directory of the server, which may be running (default: ./data).")
  @Nullable String data;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The server's YAML file (default: DIR/parley.yaml if it is there).")
  @Nullable Path config;

  @Option(names = "--json", description = "Print one JSON object, as the Admin API has it.")
  boolean json;
}
