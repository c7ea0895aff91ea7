package io.parley.chat.export;

import io.parley.chat.conversations.Block;
import io.parley.chat.conversations.Conversation;
import io.parley.chat.conversations.Message;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.stream.Collectors;

/** A conversation as somebody reads it: a heading, and each message under who said it when. */
public final class Markdown {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

  private Markdown() {}

  /** The beginning of the document. */
  public static String head(Conversation conversation) {
    String title = conversation.title() == null ? "Conversation" : oneLine(conversation.title());
    return "# %s\n\n*Begun %s*\n".formatted(title, at(conversation.createdAt()));
  }

  /** A message; documents are put together in order. */
  public static String message(Message message) {
    String who =
        message.role() == Message.Role.USER
            ? "You"
            : message.model() == null ? "Assistant" : "Assistant (" + message.model() + ")";
    return "\n## %s · %s\n\n%s\n%s"
        .formatted(who, at(message.createdAt()), content(message), remark(message));
  }

  private static String content(Message message) {
    return message.content().stream().map(Markdown::block).collect(Collectors.joining("\n\n"));
  }

  private static String block(Block block) {
    return switch (block) {
      case Block.Text(String text) -> text;
      case Block.Image image -> "*(image %s)*".formatted(image.imageId());
    };
  }

  private static String remark(Message message) {
    return switch (message.status()) {
      case COMPLETE, STREAMING -> "";
      case PARTIAL -> "\n*(broken off)*\n";
      case STOPPED -> "\n*(stopped)*\n";
      case FAILED -> "\n*(failed)*\n";
    };
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ");
  }

  private static String at(Instant time) {
    return TIME.format(time);
  }
}
