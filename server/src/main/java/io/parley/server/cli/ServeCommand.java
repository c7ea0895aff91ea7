package io.parley.server.cli;

import io.parley.common.TimeSource;
import io.parley.server.DataDirectory;
import io.parley.server.Platform;
import io.parley.server.config.ConfigFlags;
import io.parley.server.config.ConfigLoader;
import io.parley.server.config.ConfigReference;
import io.parley.server.config.ParleyConfig;
import io.parley.server.logging.CompactConsole;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the server until it is told to stop. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = "Runs the server: the Messages API.",
    sortOptions = false,
    footer = {
      "",
      "SIGTERM or Ctrl-C: running requests may finish (setting shutdown.limit-ms), then it ends",
      "with 0. A second one ends it at once.",
      "",
      "Exit codes: 0 stopped, 64 a flag is wrong, 69 the port or the data directory is taken,",
      "70 a fault of Parley, 78 a setting or a model file is wrong."
    })
final class ServeCommand implements Callable<Integer> {
  private final Map<String, String> environment;
  private final Path workingDirectory;
  private final Path home;
  private final PrintWriter out;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port to listen on (default: 8765; 0 takes a free one).")
  private @Nullable String port;

  @Option(
      names = "--host",
      paramLabel = "H",
      description = "Address to listen on (default: 127.0.0.1).")
  private @Nullable String host;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Directory of everything that is kept (default: ./data).")
  private @Nullable String data;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file with settings (default: DIR/parley.yaml if it is there).")
  private @Nullable Path config;

  @Option(
      names = "--model",
      paramLabel = "NAME=FILE",
      description = "Serve this GGUF file under this name, instead of all in models/. Repeatable.")
  private Map<String, String> models = new LinkedHashMap<>();

  @Option(names = "--help-config", description = "Print all settings, as Markdown.")
  private boolean helpConfig;

  /** For the launcher: on a new data directory, answer one question and stop. */
  @Option(names = "--rehearse", hidden = true)
  private boolean rehearse;

  /**
   * @param home directory of the installation, where the models are that ship
   */
  ServeCommand(Map<String, String> environment, Path workingDirectory, Path home, PrintWriter out) {
    this.environment = environment;
    this.workingDirectory = workingDirectory;
    this.home = home;
    this.out = out;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (helpConfig) {
      out.print(ConfigReference.markdown());
      out.flush();
      return ExitCode.OK;
    }
    ParleyConfig settings = new ConfigLoader(environment, workingDirectory).load(flags(), config);
    CompactConsole.use(settings.logging().format());
    serve(settings);
    return ExitCode.OK;
  }

  private ConfigFlags flags() {
    return ConfigFlags.none()
        .with("--port", "http.port", port)
        .with("--host", "http.host", host)
        .with("--data", "data", data)
        .withTable("--model", "models.files", models);
  }

  /** Since the JVM began, which is what a person waits for. */
  private static Duration sinceStart() {
    return Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
  }

  private void serve(ParleyConfig settings) throws InterruptedException {
    Announcement announcement = new Announcement(out);
    Rehearsal rehearsal = new Rehearsal();
    Platform.FirstKeyListener firstKey = rehearse ? rehearsal : announcement;
    try (DataDirectory directory = DataDirectory.open(settings.data());
        Platform platform =
            Platform.start(settings, home, directory, TimeSource.system(), firstKey)) {
      if (rehearse) {
        rehearsal.ask(platform);
      } else {
        Signals signals = Signals.listen();
        announcement.ready(platform, directory, sinceStart());
        signals.await();
      }
      Duration limit = Duration.ofMillis(settings.shutdown().limitMs());
      announcement.stopping(limit);
      platform.stop(limit);
    }
  }
}
