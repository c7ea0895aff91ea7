package io.parley.chat.conversations;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/** A part of a message. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Block.Text.class, name = "text"),
  @JsonSubTypes.Type(value = Block.Image.class, name = "image")
})
public sealed interface Block {
  /** Words, in Markdown. */
  record Text(String text) implements Block {}

  /**
   * A picture that was uploaded before. Whoever sends one need only name it: the rest is filled in.
   *
   * @param width in pixels
   * @param height in pixels
   */
  record Image(
      String imageId, @Nullable String mediaType, @Nullable Integer width, @Nullable Integer height)
      implements Block {}
}
