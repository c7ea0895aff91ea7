package io.parley.server.config;

/** Settings of the log. */
public record LoggingSettings(
    @Setting(
            value =
                "How a line of the log looks: `text`, or `json` for an object a line. No line has"
                    + " words of a prompt or an answer either way.",
            byDefault = "text")
        LogFormat format) {
  /** How a line of the log looks. */
  public enum LogFormat {
    /** For people. */
    TEXT,
    /** For programs. */
    JSON
  }
}
