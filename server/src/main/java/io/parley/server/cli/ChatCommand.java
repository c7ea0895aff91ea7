package io.parley.server.cli;

import io.parley.common.TimeSource;
import io.parley.server.ConfiguredChat;
import io.parley.server.StoppedChat;
import io.parley.server.config.ConfigFlags;
import io.parley.server.config.ConfigLoader;
import io.parley.server.config.ParleyConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is done to all chats at once, while the server is stopped. */
@Command(
    name = "chat",
    mixinStandardHelpOptions = true,
    description = "The chats of a server that is stopped: their search index, their keys.")
final class ChatCommand {
  private final Map<String, String> environment;
  private final Path workingDirectory;
  private final PrintWriter out;

  ChatCommand(Map<String, String> environment, Path workingDirectory, PrintWriter out) {
    this.environment = environment;
    this.workingDirectory = workingDirectory;
    this.out = out;
  }

  /** Where the chats are. */
  static final class Place {
    @Option(
        names = "--data",
        paramLabel = "DIR",
        description = "Data directory of the server (default: ./data).")
    @Nullable String data;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "The server's YAML file (default: DIR/parley.yaml if it is there).")
    @Nullable Path config;
  }

  @Command(
      name = "reindex",
      mixinStandardHelpOptions = true,
      description = "Builds the search index anew from the conversations.")
  int reindex(@Mixin Place place) {
    try (StoppedChat chat = open(place)) {
      out.printf("the search index has %d messages and titles%n", chat.reindex());
    }
    return ExitCode.OK;
  }

  @Command(
      name = "rotate-key",
      mixinStandardHelpOptions = true,
      description = {
        "Adds a master key and wraps the keys of all users by it. With keys in the settings,",
        "add one there first, as the last."
      })
  int rotateKey(@Mixin Place place) {
    try (StoppedChat chat = open(place)) {
      out.printf(
          "%d keys of users are wrapped by the new master key; older ones may go%n",
          chat.rotateKey());
    }
    return ExitCode.OK;
  }

  private StoppedChat open(Place place) {
    ParleyConfig config =
        new ConfigLoader(environment, workingDirectory)
            .load(ConfigFlags.none().with("--data", "data", place.data), place.config);
    return new StoppedChat(ConfiguredChat.of(config, config.data()), TimeSource.system());
  }
}
