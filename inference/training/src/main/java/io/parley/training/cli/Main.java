package io.parley.training.cli;

import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The training program. */
@Command(
    name = "parley",
    description = "Trains and judges the models that ship with Parley.",
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  private static final int EXIT_INVALID = 2;
  private static final int EXIT_INPUT_OUTPUT = 74; // EX_IOERR of sysexits(3)

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "print this text")
  @SuppressWarnings("unused") // picocli looks at it.
  private boolean help;

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    line.addSubcommand(new TrainCommand());
    line.addSubcommand(new EvalCommand(new SingleModel(TimeSource.system())::serve));
    line.addSubcommand(new TokenizerCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (failure instanceof ParleyException) {
            command.getErr().println(failure.getMessage());
            return EXIT_INVALID;
          }
          if (failure instanceof IOException) {
            command.getErr().println(failure);
            return EXIT_INPUT_OUTPUT;
          }
          throw failure;
        });
    return line;
  }
}
