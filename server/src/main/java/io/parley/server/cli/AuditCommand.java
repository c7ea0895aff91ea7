package io.parley.server.cli;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.safety.audit.AuditEntry;
import io.parley.safety.audit.AuditKeys;
import io.parley.safety.audit.AuditReader;
import io.parley.safety.audit.AuditReport;
import io.parley.safety.audit.ChainPoint;
import io.parley.server.ConfiguredAudit;
import io.parley.server.config.ConfigFlags;
import io.parley.server.config.ConfigLoader;
import io.parley.server.config.ParleyConfig;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The audit log, of a running or a stopped server. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = "The audit log: what the safety gates decided, of a running or a stopped server.")
final class AuditCommand {
  private final Map<String, String> environment;
  private final Path workingDirectory;
  private final PrintWriter out;

  AuditCommand(Map<String, String> environment, Path workingDirectory, PrintWriter out) {
    this.environment = environment;
    this.workingDirectory = workingDirectory;
    this.out = out;
  }

  /** Where the log is. */
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
      name = "verify",
      mixinStandardHelpOptions = true,
      description = {
        "Reads the whole log and finds every change, gap and cut in it.",
        "Exits with 1 if there is one."
      })
  int verify(
      @Mixin Place place,
      @Option(
              names = "--noted",
              paramLabel = "NUMBER:HASH",
              description = "A place that the log is known to have reached, see head. Repeatable.")
          @Nullable List<String> noted) {
    AuditReport report = read(place, noted == null ? List.of() : noted, entry -> {});
    report.problems().forEach(problem -> out.println("WRONG  " + problem));
    if (report.tornBytes() > 0) {
      out.printf(
          "note   the last %d bytes are no whole entry: written just now, or left by a crash%n",
          report.tornBytes());
    }
    out.printf(
        "%s %d entries, number %d to %d%n",
        report.isSound() ? "sound:" : "NOT SOUND:",
        report.entries(),
        report.begin().seq() + 1,
        report.end().seq());
    return report.isSound() ? ExitCode.OK : ExitCode.NOT_SOUND;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Prints the entries, oldest first.")
  int list(
      @Mixin Place place,
      @Option(names = "--request", paramLabel = "ID", description = "Only those of this request.")
          @Nullable String request,
      @Option(names = "--org", paramLabel = "ID", description = "Only those of this organisation.")
          @Nullable String organisation,
      @Option(names = "--refused", description = "Only refusals.") boolean refused) {
    Consumer<AuditEntry> print =
        entry -> {
          if (!(entry instanceof AuditEntry.Decision d)
              || ((request == null || request.equals(d.requestId()))
                  && (organisation == null || organisation.equals(d.organisationId()))
                  && (!refused || !d.allowed()))) {
            out.println(line(entry));
          }
        };
    AuditReport report = read(place, List.of(), print);
    report.problems().forEach(problem -> out.println("WRONG  " + problem));
    return report.isSound() ? ExitCode.OK : ExitCode.NOT_SOUND;
  }

  @Command(
      name = "head",
      mixinStandardHelpOptions = true,
      description = {
        "Prints where the log stands, as NUMBER:HASH. Keep it elsewhere: verify --noted then",
        "finds even a log that was put back as a whole to an earlier state."
      })
  int head(@Mixin Place place) {
    AuditReport report = read(place, List.of(), entry -> {});
    if (!report.isSound()) {
      throw new ParleyException(
          ErrorCode.CONFLICT, "the log is not sound; see ./parley audit verify");
    }
    out.println(report.end());
    return ExitCode.OK;
  }

  @Command(
      name = "rotate",
      mixinStandardHelpOptions = true,
      description = "Makes a new key, used from the server's next start on; old ones still read.")
  int rotate(@Mixin Place place) {
    ConfiguredAudit audit = audit(place);
    AuditKeys keys = audit.rotate(new SecureRandom());
    out.printf("key %s added to %s; it has %d now%n", keys.newest(), audit.keyFile(), keys.size());
    return ExitCode.OK;
  }

  private static String line(AuditEntry entry) {
    return switch (entry) {
      case AuditEntry.Decision d ->
          "%s  %s  %s  %s  %-6s  %s  rules %s%s"
              .formatted(
                  d.at(),
                  d.requestId(),
                  d.organisationId(),
                  d.modelId(),
                  d.gate(),
                  d.allowed() ? "allowed" : "refused: " + d.category(),
                  d.policyVersion(),
                  findings(d));
      case AuditEntry.Retired r ->
          "%s  entries up to %d were deleted, their time was over"
              .formatted(r.at(), r.through().seq());
    };
  }

  private static String findings(AuditEntry.Decision decision) {
    return decision.findings().entrySet().stream()
        .map(finding -> "  " + finding.getKey() + "=" + finding.getValue())
        .collect(Collectors.joining());
  }

  private AuditReport read(Place place, List<String> noted, Consumer<AuditEntry> each) {
    ConfiguredAudit audit = audit(place);
    if (!Files.isDirectory(audit.directory())) {
      throw new ParleyException(
          ErrorCode.NOT_FOUND,
          "there is no audit log in %s; name the server's directory with --data"
              .formatted(audit.directory().getParent()));
    }
    Set<ChainPoint> places = new LinkedHashSet<>();
    noted.forEach(text -> places.add(notedPlace(text)));
    return new AuditReader(audit.directory(), audit.keys(), places).read(each);
  }

  private static ChainPoint notedPlace(String text) {
    try {
      return ChainPoint.parse(text);
    } catch (IllegalArgumentException e) {
      throw ParleyException.invalid(
          "--noted: must be NUMBER:HASH, as ./parley audit head prints it");
    }
  }

  private ConfiguredAudit audit(Place place) {
    ParleyConfig config =
        new ConfigLoader(environment, workingDirectory)
            .load(ConfigFlags.none().with("--data", "data", place.data), place.config);
    return new ConfiguredAudit(config.safety().audit(), config.data());
  }
}
