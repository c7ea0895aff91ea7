package io.parley.gateway.usage.journal;

import io.parley.gateway.usage.ByKind;
import io.parley.gateway.usage.ContextWindow;
import io.parley.gateway.usage.TokenKind;
import io.parley.gateway.usage.UsageEvent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Events as bytes: a version, then the parts of the record in order. Numbers are big-endian; a text
 * is its length in bytes and UTF-8; what may be missing is preceded by a byte that says whether it
 * is there.
 */
final class EventCodec {
  private static final byte VERSION = 1;
  private static final int USUAL_BYTES = 384;

  private EventCodec() {}

  static byte[] encode(UsageEvent event) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
    try {
      write(new DataOutputStream(bytes), event);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, UsageEvent event) throws IOException {
    UsageEvent.Origin origin = event.origin();
    out.writeByte(VERSION);
    text(out, origin.requestId());
    text(out, origin.messageId());
    text(out, origin.organisationId());
    text(out, origin.workspaceId());
    text(out, origin.apiKeyId());
    optional(out, origin.endUser());
    text(out, origin.modelId());
    text(out, origin.serviceTier());
    out.writeLong(origin.receivedAtMs());
    text(out, event.outcome());
    optional(out, event.reason());
    out.writeLong(event.endedAt().toEpochMilli());
    out.writeLong(event.queueMs());
    out.writeBoolean(event.ttftMs().isPresent());
    out.writeLong(event.ttftMs().orElse(0));
    text(out, event.contextWindow().wireName());
    kinds(out, event.tokens());
    text(out, event.currency());
    kinds(out, event.nanos());
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static void optional(DataOutputStream out, Optional<String> text) throws IOException {
    out.writeBoolean(text.isPresent());
    text(out, text.orElse(""));
  }

  private static void kinds(DataOutputStream out, ByKind numbers) throws IOException {
    for (TokenKind kind : TokenKind.values()) {
      out.writeLong(numbers.of(kind));
    }
  }

  /**
   * @throws IOException if these bytes are no event, or one of a newer version
   */
  static UsageEvent decode(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int version = in.readByte();
    if (version != VERSION) {
      throw new IOException("a usage event of version " + version + ", which is not known");
    }
    UsageEvent.Origin origin =
        new UsageEvent.Origin(
            text(in),
            text(in),
            text(in),
            text(in),
            text(in),
            optional(in),
            text(in),
            text(in),
            in.readLong());
    return new UsageEvent(
        origin,
        text(in),
        optional(in),
        Instant.ofEpochMilli(in.readLong()),
        in.readLong(),
        optionalLong(in),
        window(text(in)),
        kinds(in),
        text(in),
        kinds(in));
  }

  private static String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("a text of " + length + " bytes, which are not there");
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private static Optional<String> optional(DataInputStream in) throws IOException {
    boolean there = in.readBoolean();
    String text = text(in);
    return there ? Optional.of(text) : Optional.empty();
  }

  private static OptionalLong optionalLong(DataInputStream in) throws IOException {
    boolean there = in.readBoolean();
    long number = in.readLong();
    return there ? OptionalLong.of(number) : OptionalLong.empty();
  }

  private static ContextWindow window(String wireName) throws IOException {
    for (ContextWindow window : ContextWindow.values()) {
      if (window.wireName().equals(wireName)) {
        return window;
      }
    }
    throw new IOException("no context window: " + wireName);
  }

  private static ByKind kinds(DataInputStream in) throws IOException {
    return new ByKind(in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
  }
}
