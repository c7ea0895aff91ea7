package io.parley.server.cli;

import io.parley.common.TimeSource;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code parley}; the launcher of that name calls it. */
@Command(name = "./parley", synopsisSubcommandLabel = "COMMAND")
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(commandLine(System.getenv(), out, err).execute(arguments));
  }

  static CommandLine commandLine(
      Map<String, String> environment, PrintWriter out, PrintWriter err) {
    Path home = Path.of(System.getProperty("parley.home", "")); // the launcher sets it
    ServeCommand serve = new ServeCommand(environment, Path.of(""), home, out);
    AdminShell shell =
        new AdminShell(environment, Path.of(""), System.getProperty("user.name", "unknown"), out);
    return new CommandLine(new Main())
        .addSubcommand(serve)
        .addSubcommand(new AuditCommand(environment, Path.of(""), out))
        .addSubcommand(new ChatCommand(environment, Path.of(""), out))
        .addSubcommand(new KeysCommand(shell))
        .addSubcommand(new UsageCommand(shell, TimeSource.system()))
        .addSubcommand(
            new CommandLine(new OrgsCommand(shell))
                .addSubcommand(new WorkspacesCommand(shell))
                .addSubcommand(new MembersCommand(shell))
                .addSubcommand(new TiersCommand(shell)))
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(Failures::wrongUsage)
        .setExecutionExceptionHandler(Failures::failed);
  }
}
