package io.parley.server.cli;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.server.config.ConfigException;
import io.parley.server.config.NearestName;
import java.io.PrintWriter;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** How failures are told: what a person can act on in a line, a fault of ours with its trace. */
final class Failures {
  private Failures() {}

  static int wrongUsage(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("parley: " + whatIsWrong(e));
    err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  private static String whatIsWrong(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      String argument = unmatched.getUnmatched().getFirst();
      Set<String> options = e.getCommandLine().getCommandSpec().optionsMap().keySet();
      Set<String> commands = e.getCommandLine().getSubcommands().keySet();
      if (argument.startsWith("-")) {
        return "there is no option '%s'; did you mean '%s'?"
            .formatted(argument, NearestName.of(argument, options).orElseThrow());
      }
      return commands.isEmpty()
          ? "'%s' belongs to no option".formatted(argument)
          : "there is no command '%s'; did you mean '%s'?"
              .formatted(argument, NearestName.of(argument, commands).orElseThrow());
    }
    return String.valueOf(e.getMessage());
  }

  static int failed(Exception e, CommandLine command, ParseResult arguments) {
    PrintWriter err = command.getErr();
    return switch (e) {
      case ConfigException wrong -> {
        wrong.problems().forEach(problem -> err.println("parley: " + problem));
        yield ExitCode.CONFIG;
      }
      case ParleyException known -> {
        err.println("parley: " + known.getMessage());
        yield exitCode(known.code());
      }
      default -> {
        err.println("parley: this is a fault of Parley; please report it with what follows");
        e.printStackTrace(err);
        yield ExitCode.SOFTWARE;
      }
    };
  }

  private static int exitCode(ErrorCode code) {
    return switch (code) {
      case INVALID_REQUEST, NOT_FOUND, REQUEST_TOO_LARGE -> ExitCode.CONFIG;
      case BILLING, CONFLICT, RATE_LIMIT, TIMEOUT, OVERLOADED -> ExitCode.UNAVAILABLE;
      case AUTHENTICATION, PERMISSION, API -> ExitCode.SOFTWARE;
    };
  }
}
