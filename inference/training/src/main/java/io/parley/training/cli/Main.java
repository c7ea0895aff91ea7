package io.parley.training.cli;

import io.parley.common.ParleyException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The training program. */
@Command(
    name = "parley-training",
    description = "Trains and judges the models that ship with Parley.",
    subcommands = {TrainCommand.class, TokenizerCommand.class},
    mixinStandardHelpOptions = true)
public final class Main {
  private static final int EXIT_INVALID = 2;

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (failure instanceof ParleyException) {
            command.getErr().println(failure.getMessage());
            return EXIT_INVALID;
          }
          throw failure;
        });
    return line;
  }
}
