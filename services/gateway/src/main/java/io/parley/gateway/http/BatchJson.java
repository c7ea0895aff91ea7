package io.parley.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.parley.gateway.administration.AdminJson;
import io.parley.gateway.administration.Page;
import io.parley.gateway.batches.Batch;
import io.parley.gateway.batches.BatchOutcome;
import io.parley.gateway.batches.BatchResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Batches as JSON.
 *
 * @param root where the results are, in front of the id of a batch
 */
record BatchJson(String root) {
  void batch(JsonGenerator json, Batch batch) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", batch.id());
    json.writeStringField("type", "message_batch");
    json.writeStringField("processing_status", batch.processingStatus());
    json.writeObjectFieldStart("request_counts");
    json.writeNumberField("processing", batch.processing());
    for (BatchOutcome outcome : BatchOutcome.values()) {
      json.writeNumberField(outcome.wireName(), batch.count(outcome));
    }
    json.writeEndObject();
    json.writeStringField("created_at", batch.createdAt().toString());
    json.writeStringField("expires_at", batch.expiresAt().toString());
    time(json, "ended_at", batch.endedAt());
    time(json, "cancel_initiated_at", batch.cancelInitiatedAt());
    json.writeNullField("archived_at");
    json.writeStringField(
        "results_url",
        batch.endedAt().map(ended -> root + "/" + batch.id() + "/results").orElse(null));
    json.writeEndObject();
  }

  void page(JsonGenerator json, Page<Batch> page) throws IOException {
    AdminJson.page(json, page, Batch::id, this::batch);
  }

  static void deleted(JsonGenerator json, String id) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", id);
    json.writeStringField("type", "message_batch_deleted");
    json.writeEndObject();
  }

  /** Results as lines, each one JSON object. */
  static byte[] lines(List<BatchResult> results) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (BatchResult result : results) {
      lines.writeBytes(Json.bytes(json -> line(json, result)));
      lines.write('\n');
    }
    return lines.toByteArray();
  }

  private static void line(JsonGenerator json, BatchResult result) throws IOException {
    json.writeStartObject();
    json.writeStringField("custom_id", result.customId());
    json.writeFieldName("result");
    json.writeRawValue(result.json());
    json.writeEndObject();
  }

  private static void time(JsonGenerator json, String name, Optional<Instant> time)
      throws IOException {
    json.writeStringField(name, time.map(Instant::toString).orElse(null));
  }
}
