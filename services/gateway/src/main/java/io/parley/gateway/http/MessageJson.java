package io.parley.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.parley.gateway.messages.AnswerEnd;
import io.parley.gateway.messages.AnswerHead;
import io.parley.gateway.messages.CacheTtl;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.Usage;
import io.parley.safety.Refusal;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The objects of the API as JSON: messages, the parts of them that events carry, and models. */
final class MessageJson {
  /** The categories that clients know; ours are told in words. */
  private static final Set<String> KNOWN_CATEGORIES = Set.of("bio", "cyber", "general_harms");

  private MessageJson() {}

  /** The message as it is when it begins. */
  static void begun(JsonGenerator json, AnswerHead head, Usage usage) throws IOException {
    message(json, head, null, null, usage);
  }

  /** The whole message. */
  static void whole(JsonGenerator json, AnswerHead head, String text, AnswerEnd end)
      throws IOException {
    message(json, head, text, end, end.usage());
  }

  private static void message(
      JsonGenerator json,
      AnswerHead head,
      @Nullable String text,
      @Nullable AnswerEnd end,
      Usage usage)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("id", head.messageId());
    json.writeStringField("type", "message");
    json.writeStringField("role", "assistant");
    json.writeStringField("model", head.modelId());
    json.writeArrayFieldStart("content");
    if (text != null) {
      textBlock(json, text);
    }
    json.writeEndArray();
    stop(json, end);
    json.writeObjectFieldStart("usage");
    usage(json, usage);
    json.writeObjectFieldStart("cache_creation");
    json.writeNumberField("ephemeral_5m_input_tokens", created(usage, head, CacheTtl.FIVE_MINUTES));
    json.writeNumberField("ephemeral_1h_input_tokens", created(usage, head, CacheTtl.ONE_HOUR));
    json.writeEndObject();
    json.writeStringField("service_tier", head.serviceTier());
    json.writeEndObject();
    json.writeEndObject();
  }

  /** All that was created counts for what the last marker asked for. */
  private static int created(Usage usage, AnswerHead head, CacheTtl ttl) {
    return head.cacheTtl() == ttl ? usage.cacheCreationTokens() : 0;
  }

  static void textBlock(JsonGenerator json, String text) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "text");
    json.writeStringField("text", text);
    json.writeNullField("citations");
    json.writeEndObject();
  }

  /** The fields that say how a message ended; null as long as it has not. */
  static void stop(JsonGenerator json, @Nullable AnswerEnd end) throws IOException {
    json.writeStringField("stop_reason", end == null ? null : end.stopReason());
    json.writeStringField("stop_sequence", end == null ? null : end.stopSequence());
    Refusal refusal = end == null ? null : end.refusal();
    if (refusal == null) {
      json.writeNullField("stop_details");
    } else {
      json.writeObjectFieldStart("stop_details");
      details(json, refusal);
      json.writeEndObject();
    }
  }

  private static void details(JsonGenerator json, Refusal refusal) throws IOException {
    String known = KNOWN_CATEGORIES.contains(refusal.category()) ? refusal.category() : null;
    json.writeStringField("type", "refusal");
    json.writeStringField("category", known == null && refusal.judged() ? "general_harms" : known);
    json.writeStringField(
        "explanation",
        refusal.judged()
            ? "Refused by a safety gate: " + refusal.category()
            : "Refused because a safety gate did not answer: " + refusal.category());
  }

  static void usage(JsonGenerator json, Usage usage) throws IOException {
    json.writeNumberField("input_tokens", usage.inputTokens());
    json.writeNumberField("output_tokens", usage.outputTokens());
    json.writeNumberField("cache_creation_input_tokens", usage.cacheCreationTokens());
    json.writeNumberField("cache_read_input_tokens", usage.cacheReadTokens());
  }

  static void model(JsonGenerator json, ModelDescriptor model) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "model");
    json.writeStringField("id", model.id());
    json.writeStringField("display_name", model.displayName());
    json.writeStringField("created_at", model.createdAt().toString());
    json.writeNumberField("max_input_tokens", model.contextTokens());
    json.writeNumberField("max_tokens", model.contextTokens());
    json.writeNullField("capabilities");
    json.writeStringField("lifecycle", "active");
    json.writeNullField("line");
    json.writeNullField("deprecated_at");
    json.writeNullField("retires_at");
    json.writeEndObject();
  }

  static void page(JsonGenerator json, List<ModelDescriptor> models, boolean more)
      throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("data");
    for (ModelDescriptor model : models) {
      model(json, model);
    }
    json.writeEndArray();
    json.writeBooleanField("has_more", more);
    json.writeStringField("first_id", models.isEmpty() ? null : models.getFirst().id());
    json.writeStringField("last_id", models.isEmpty() ? null : models.getLast().id());
    json.writeEndObject();
  }
}
