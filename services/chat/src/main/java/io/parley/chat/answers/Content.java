package io.parley.chat.answers;

import io.parley.chat.ChatLimits;
import io.parley.chat.ChatUser;
import io.parley.chat.conversations.Block;
import io.parley.chat.conversations.Images;
import io.parley.chat.conversations.Message;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.model.ModelDescriptor;
import java.util.List;
import java.util.regex.Pattern;

/** Checks what users send. Thread-safe; blocks. */
final class Content {
  private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9_.:-]+");

  private final Images images;
  private final ChatLimits limits;

  Content(Images images, ChatLimits limits) {
    this.images = images;
    this.limits = limits;
  }

  void checkClientId(String clientId) {
    if (clientId.length() > limits.maxClientIdChars() || !CLIENT_ID.matcher(clientId).matches()) {
      throw ParleyException.invalid(
          "client_id: must have 1 to %d letters, digits, and any of _ . : -"
              .formatted(limits.maxClientIdChars()));
    }
  }

  void check(Answers.Sending sending) {
    checkClientId(sending.clientId());
    List<Block> content = sending.content();
    if (content.isEmpty() || content.size() > limits.maxBlocks()) {
      throw ParleyException.invalid(
          "content: must have 1 to %d blocks, and has %d"
              .formatted(limits.maxBlocks(), content.size()));
    }
    long pictures = content.stream().filter(Block.Image.class::isInstance).count();
    if (pictures > limits.maxImages()) {
      throw ParleyException.invalid(
          "content: must have at most %d images, and has %d"
              .formatted(limits.maxImages(), pictures));
    }
    checkText(content, pictures > 0);
  }

  private void checkText(List<Block> content, boolean withPictures) {
    long chars = 0;
    boolean blank = true;
    for (Block block : content) {
      if (block instanceof Block.Text(String text)) {
        requireWholeCharacters(text);
        chars += text.length();
        blank &= text.isBlank();
      }
    }
    if (chars > limits.maxTextChars()) {
      throw ParleyException.invalid(
          "content: must have at most %d characters of text, and has %d"
              .formatted(limits.maxTextChars(), chars));
    }
    if (blank && !withPictures) {
      throw ParleyException.invalid("content: must not be blank");
    }
  }

  private static void requireWholeCharacters(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          throw ParleyException.invalid(
              "content: holds half a character (an unpaired surrogate) at position " + i);
        }
        i++;
      }
    }
  }

  /** The same blocks, with all that is known of their pictures. */
  List<Block> complete(ChatUser user, List<Block> content, ModelDescriptor model) {
    return content.stream().map(block -> complete(user, block, model)).toList();
  }

  private Block complete(ChatUser user, Block block, ModelDescriptor model) {
    return switch (block) {
      case Block.Text text -> text;
      case Block.Image image -> {
        if (!model.images()) {
          throw ParleyException.invalid(
              "content: the model " + model.id() + " does not see images");
        }
        yield images
            .find(user.userId(), image.imageId())
            .orElseThrow(
                () ->
                    new ParleyException(
                        ErrorCode.NOT_FOUND, "image_id: there is no image " + image.imageId()));
      }
    };
  }

  /** An answer may go on often, but not for ever. */
  void refuseLong(Message partial) {
    if (partial.text().length() >= limits.maxTextChars()) {
      throw ParleyException.invalid(
          "message_id: the answer has %d characters already, which is the limit"
              .formatted(limits.maxTextChars()));
    }
  }
}
