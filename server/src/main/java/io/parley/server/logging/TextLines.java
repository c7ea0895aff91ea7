package io.parley.server.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.slf4j.event.KeyValuePair;

/**
 * A line for people: time, level, the class that speaks, what it says, and a fault if there is one.
 */
final class TextLines extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
    line.append(' ').append(String.format("%-5s", event.getLevel()));
    line.append(' ').append(simpleName(event.getLoggerName()));
    line.append(": ").append(event.getFormattedMessage());
    event.getMDCPropertyMap().forEach((key, value) -> pair(line, key, value));
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        pair(line, pair.key, pair.value);
      }
    }
    line.append('\n').append(QuietStack.of(event.getThrowableProxy()));
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void pair(StringBuilder line, String key, Object value) {
    line.append(' ').append(key).append('=').append(value);
  }

  private static String simpleName(String logger) {
    return logger.substring(logger.lastIndexOf('.') + 1);
  }
}
