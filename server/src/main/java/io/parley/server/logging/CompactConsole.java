package io.parley.server.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.parley.server.config.LoggingSettings.LogFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One short line an event, on standard error. In code, because reading logback's XML takes longer
 * than opening the database.
 */
public final class CompactConsole extends ContextAwareBase implements Configurator {
  private static final String NAME = "console";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setName(NAME);
    console.setContext(context);
    console.setTarget("System.err");
    write(console, context, LogFormat.TEXT);

    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(console);
    context.getLogger("io.parley").setLevel(Level.INFO);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** Has lines look so from now on; until the settings are read they are text. */
  public static void use(LogFormat format) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        && context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(NAME)
            instanceof ConsoleAppender<ILoggingEvent> console) {
      write(console, context, format);
    }
  }

  private static void write(
      ConsoleAppender<ILoggingEvent> console, LoggerContext context, LogFormat format) {
    Encoder<ILoggingEvent> encoder =
        switch (format) {
          case TEXT -> new TextLines();
          case JSON -> new JsonLines();
        };
    encoder.setContext(context);
    encoder.start();
    console.stop();
    console.setEncoder(encoder);
    console.start();
  }
}
