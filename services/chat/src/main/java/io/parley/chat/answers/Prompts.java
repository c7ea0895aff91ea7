package io.parley.chat.answers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.parley.chat.ChatLimits;
import io.parley.chat.conversations.Block;
import io.parley.chat.conversations.Conversation;
import io.parley.chat.conversations.Images;
import io.parley.chat.conversations.Message;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.messages.MessagesApi;
import io.parley.ports.model.ModelDescriptor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a branch the body of a request to the Messages API. When the branch is longer than the
 * model's context, its latest part is taken that leaves room for an answer; the first message taken
 * is a user's. Thread-safe; blocks.
 */
final class Prompts {
  private static final JsonFactory JSON = new JsonFactory();

  /** Tokens of a turn beside its text, at most, by any template that is known. */
  private static final int TURN_TOKENS = 16;

  /** Bytes of text that make a token, about, where it is not worth counting. */
  private static final int BYTES_PER_TOKEN = 4;

  /** How often to look whether a shorter branch fits. */
  private static final int MAX_CUTS = 12;

  private static final int LEAST_ANSWER_TOKENS = 64;

  private final History history;
  private final Images images;
  private final MessagesApi api;
  private final ChatLimits limits;

  Prompts(History history, Images images, MessagesApi api, ChatLimits limits) {
    this.history = history;
    this.images = images;
    this.api = api;
    this.limits = limits;
  }

  /**
   * What to send.
   *
   * @param body of the request
   * @param cut whether earlier messages of the branch were left out
   */
  @SuppressWarnings("ArrayRecordComponent") // it is handed on, never compared
  record Prompt(byte[] body, boolean cut) {}

  /**
   * The branch that ends with a message, as a prompt.
   *
   * @param begun what an answer that goes on begins with; empty for a new one
   * @throws ParleyException INVALID_REQUEST if the branch holds a picture and the model is blind
   */
  Prompt of(Conversation conversation, Message tip, String begun, ModelDescriptor model) {
    int room = model.contextTokens() - Math.max(LEAST_ANSWER_TOKENS, answerRoom(model));
    long fixedBytes = bytes(conversation.system()) + bytes(begun);
    List<Message> newestFirst = new ArrayList<>();
    long[] bytes = {fixedBytes};
    boolean whole =
        history.walk(
            conversation,
            tip,
            message -> {
              newestFirst.add(message);
              bytes[0] += bytes(message.text());
              return bytes[0] > (long) room * BYTES_PER_TOKEN * 2;
            });
    List<Message> branch = new ArrayList<>(newestFirst.reversed());
    beginWithUser(branch); // the walk ends wherever there is enough
    boolean cut = !whole;
    long most = bytes[0] + (long) TURN_TOKENS * (branch.size() + 2); // a token has a byte at least
    for (int i = 0; i < MAX_CUTS && most > room; i++) {
      int counted = api.countTokens(body(conversation, branch, begun, model));
      if (counted <= room || !shorten(branch, (long) (counted - room) * BYTES_PER_TOKEN / 2)) {
        break;
      }
      cut = true;
    }
    return new Prompt(body(conversation, branch, begun, model), cut);
  }

  private int answerRoom(ModelDescriptor model) {
    return Math.min(limits.maxAnswerTokens(), model.contextTokens() / 4);
  }

  /** Takes the first messages away, about as many bytes; false if there is none to take. */
  private static boolean shorten(List<Message> branch, long excessBytes) {
    long left = excessBytes;
    int before = branch.size();
    while (branch.size() > 1 && left > 0) {
      left -= bytes(branch.removeFirst().text());
    }
    beginWithUser(branch);
    return branch.size() < before;
  }

  /** As the Messages API wants it; the last message is a user's. */
  private static void beginWithUser(List<Message> branch) {
    while (branch.size() > 1 && branch.getFirst().role() != Message.Role.USER) {
      branch.removeFirst();
    }
  }

  private static long bytes(@Nullable String text) {
    return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
  }

  private byte[] body(
      Conversation conversation, List<Message> branch, String begun, ModelDescriptor model) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1_024);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("model", model.id());
      json.writeNumberField("max_tokens", limits.maxAnswerTokens());
      String system = conversation.system();
      if (system != null && !system.isBlank()) {
        json.writeStringField("system", system);
      }
      json.writeArrayFieldStart("messages");
      for (Message message : branch) {
        write(json, message, conversation, model);
      }
      if (!begun.isEmpty()) {
        write(json, "assistant", begun);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** What was refused or failed before its first word says nothing. */
  private void write(
      JsonGenerator json, Message message, Conversation conversation, ModelDescriptor model)
      throws IOException {
    if (message.role() == Message.Role.ASSISTANT) {
      if (!message.text().isEmpty()) {
        write(json, "assistant", message.text());
      }
      return;
    }
    json.writeStartObject();
    json.writeStringField("role", "user");
    json.writeArrayFieldStart("content");
    for (Block block : message.content()) {
      switch (block) {
        case Block.Text(String text) -> writeText(json, text);
        case Block.Image image -> writeImage(json, image, conversation, model);
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String role, String text) throws IOException {
    json.writeStartObject();
    json.writeStringField("role", role);
    json.writeStringField("content", text);
    json.writeEndObject();
  }

  private static void writeText(JsonGenerator json, String text) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "text");
    json.writeStringField("text", text);
    json.writeEndObject();
  }

  private void writeImage(
      JsonGenerator json, Block.Image image, Conversation conversation, ModelDescriptor model)
      throws IOException {
    if (!model.images()) {
      throw ParleyException.invalid(
          "model: " + model.id() + " does not see images, and there is one in this conversation");
    }
    byte[] bytes =
        images
            .bytes(conversation.owner().userId(), image.imageId())
            .orElseThrow(
                () ->
                    new ParleyException(
                        ErrorCode.NOT_FOUND, "image_id: " + image.imageId() + " is gone"));
    json.writeStartObject();
    json.writeStringField("type", "image");
    json.writeObjectFieldStart("source");
    json.writeStringField("type", "base64");
    json.writeStringField("media_type", image.mediaType());
    json.writeStringField("data", Base64.getEncoder().encodeToString(bytes));
    json.writeEndObject();
    json.writeEndObject();
  }
}
