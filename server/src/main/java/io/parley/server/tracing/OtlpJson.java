package io.parley.server.tracing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;

/**
 * Spans as OTLP in JSON.
 *
 * <p>Source: OpenTelemetry Protocol 1.x, {@code ExportTraceServiceRequest} in its JSON mapping: ids
 * in hexadecimal digits, 64-bit numbers as strings, enums as numbers.
 */
final class OtlpJson {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int INTERNAL = 1;
  private static final int SERVER = 2;
  private static final int ERROR = 2;

  private OtlpJson() {}

  /** One request with all these spans, which come from one resource and one scope. */
  static byte[] request(Collection<SpanData> spans, Attributes resource, String scope) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512 * spans.size());
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeArrayFieldStart("resourceSpans");
      json.writeStartObject();
      json.writeObjectFieldStart("resource");
      attributes(json, resource);
      json.writeEndObject();
      json.writeArrayFieldStart("scopeSpans");
      json.writeStartObject();
      json.writeObjectFieldStart("scope");
      json.writeStringField("name", scope);
      json.writeEndObject();
      json.writeArrayFieldStart("spans");
      for (SpanData span : spans) {
        span(json, span);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void span(JsonGenerator json, SpanData span) throws IOException {
    json.writeStartObject();
    json.writeStringField("traceId", span.getTraceId());
    json.writeStringField("spanId", span.getSpanId());
    if (span.getParentSpanContext().isValid()) {
      json.writeStringField("parentSpanId", span.getParentSpanId());
    }
    json.writeStringField("name", span.getName());
    json.writeNumberField("kind", span.getKind() == SpanKind.SERVER ? SERVER : INTERNAL);
    json.writeStringField("startTimeUnixNano", Long.toString(span.getStartEpochNanos()));
    json.writeStringField("endTimeUnixNano", Long.toString(span.getEndEpochNanos()));
    attributes(json, span.getAttributes());
    if (span.getStatus().getStatusCode() == StatusCode.ERROR) {
      json.writeObjectFieldStart("status");
      json.writeNumberField("code", ERROR);
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void attributes(JsonGenerator json, Attributes attributes) throws IOException {
    json.writeArrayFieldStart("attributes");
    for (Map.Entry<AttributeKey<?>, Object> each : attributes.asMap().entrySet()) {
      json.writeStartObject();
      json.writeStringField("key", each.getKey().getKey());
      json.writeObjectFieldStart("value");
      if (each.getValue() instanceof Long number) {
        json.writeStringField("intValue", Long.toString(number));
      } else {
        json.writeStringField("stringValue", each.getValue().toString());
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
