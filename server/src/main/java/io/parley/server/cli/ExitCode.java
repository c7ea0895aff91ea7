package io.parley.server.cli;

/** What the process ends with; the numbers are those of sysexits(3). */
final class ExitCode {
  /** All went well, also after SIGTERM or SIGINT. */
  static final int OK = 0;

  /** What was checked is not as it should be. */
  static final int NOT_SOUND = 1;

  /** A flag is wrong. */
  static final int USAGE = 64;

  /** Something that the server needs is taken: the port, the data directory. */
  static final int UNAVAILABLE = 69;

  /** A fault of Parley itself. */
  static final int SOFTWARE = 70;

  /** A setting is wrong, or a file that one names. */
  static final int CONFIG = 78;

  private ExitCode() {}
}
