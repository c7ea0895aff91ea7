package io.parley.gateway.operations;

import com.fasterxml.jackson.core.JsonGenerator;
import io.parley.gateway.limits.LimitsReport;
import io.parley.gateway.observation.LiveSeries;
import io.parley.gateway.observation.Occupancy;
import io.parley.gateway.observation.Outcome;
import io.parley.gateway.observation.Timeline;
import io.parley.gateway.slo.SloStatus;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The Operations API's objects as JSON. Durations are milliseconds, rates are per second. */
public final class OperationsJson {
  /** Characters of an error's message. */
  private static final int MAX_MESSAGE_CHARS = 300;

  private OperationsJson() {}

  /** How the server does. */
  public static void overview(JsonGenerator json, Overview seen) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "overview");
    json.writeStringField("at", seen.at().toString());
    list(json, "series", seen.series(), OperationsJson::point);
    json.writeObjectFieldStart("queue");
    list(json, "by_class", seen.queueByClass(), OperationsJson::classLoad);
    list(
        json,
        "by_organization",
        seen.queueByOrganisation(),
        (j, load) -> organisationLoad(j, load, seen.names()));
    json.writeEndObject();
    list(json, "models", seen.models(), (j, model) -> model(j, model, seen.circuits()));
    json.writeNumberField("organizations_slowed", seen.slowed());
    list(json, "organizations", seen.limits(), (j, use) -> use(j, use, seen.names()));
    list(json, "slos", seen.slos(), OperationsJson::slo);
    list(json, "recent_errors", seen.errors(), (j, error) -> line(j, error, seen.names()));
    json.writeEndObject();
  }

  /** Writes one thing. */
  private interface Writer<T> {
    void write(JsonGenerator json, T value) throws IOException;
  }

  private static <T> void list(JsonGenerator json, String name, List<T> values, Writer<T> writer)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (T value : values) {
      writer.write(json, value);
    }
    json.writeEndArray();
  }

  private static void point(JsonGenerator json, LiveSeries.Point point) throws IOException {
    json.writeStartObject();
    json.writeStringField("at", point.at().toString());
    json.writeNumberField("seconds", rounded(point.seconds()));
    json.writeNumberField("ok", point.well());
    json.writeNumberField("client_errors", point.clientFaults());
    json.writeNumberField("limited", point.limited());
    json.writeNumberField("server_errors", point.serverFaults());
    json.writeNumberField("input_tokens", point.inputTokens());
    json.writeNumberField("output_tokens", point.outputTokens());
    percentiles(json, "ttft_ms", point.ttft());
    percentiles(json, "inter_token_ms", point.interToken());
    json.writeEndObject();
  }

  private static void percentiles(JsonGenerator json, String name, LiveSeries.Percentiles of)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("count", of.count());
    json.writeNumberField("p50", rounded(of.p50()));
    json.writeNumberField("p95", rounded(of.p95()));
    json.writeNumberField("p99", rounded(of.p99()));
    json.writeEndObject();
  }

  private static void classLoad(JsonGenerator json, Occupancy.Load load) throws IOException {
    json.writeStartObject();
    json.writeStringField("class", load.name());
    load(json, load);
    json.writeEndObject();
  }

  private static void organisationLoad(
      JsonGenerator json, Occupancy.Load load, Map<String, String> names) throws IOException {
    json.writeStartObject();
    organisation(json, load.name(), names);
    load(json, load);
    json.writeEndObject();
  }

  /** By its id, which is for good, and its name, which is for people. */
  private static void organisation(JsonGenerator json, String id, Map<String, String> names)
      throws IOException {
    json.writeStringField("organization_id", id);
    json.writeStringField("organization_name", names.get(id));
  }

  private static void load(JsonGenerator json, Occupancy.Load load) throws IOException {
    json.writeNumberField("waiting", load.waiting());
    json.writeNumberField("running", load.running());
  }

  private static void model(JsonGenerator json, ModelLoad model, Map<String, String> circuits)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("model", model.model());
    json.writeStringField("circuit", circuits.getOrDefault(model.model(), "closed"));
    json.writeNumberField("waiting", model.waiting());
    json.writeNumberField("running", model.running());
    json.writeNumberField("kv_blocks", model.kvBlocks());
    json.writeNumberField("kv_blocks_used", model.kvBlocksUsed());
    json.writeNumberField("kv_blocks_idle", model.kvBlocksIdle());
    json.writeNumberField("preemptions", model.preemptions());
    json.writeEndObject();
  }

  private static void use(JsonGenerator json, LimitsReport.Use use, Map<String, String> names)
      throws IOException {
    json.writeStartObject();
    organisation(json, use.organisationId(), names);
    json.writeNumberField("spent_micros", use.spentMicros());
    json.writeNumberField("held_micros", use.heldMicros());
    if (use.budgetMicros().isPresent()) {
      json.writeNumberField("budget_micros", use.budgetMicros().getAsLong());
    } else {
      json.writeNullField("budget_micros");
    }
    list(json, "limits", use.limits(), OperationsJson::limit);
    json.writeEndObject();
  }

  private static void limit(JsonGenerator json, LimitsReport.LimitUse limit) throws IOException {
    json.writeStartObject();
    json.writeStringField("model", limit.model());
    json.writeStringField("limit", limit.limit());
    json.writeNumberField("used", limit.used());
    json.writeNumberField("size", limit.size());
    json.writeEndObject();
  }

  private static void slo(JsonGenerator json, SloStatus status) throws IOException {
    json.writeStartObject();
    json.writeStringField("slo", status.slo().kind().wireName());
    json.writeStringField("model", status.model());
    json.writeNumberField("objective", status.slo().objective());
    json.writeNumberField("threshold_ms", status.slo().thresholdNanos() / 1e6);
    json.writeNumberField("window_days", status.slo().window().toDays());
    json.writeNumberField("good", status.counts().good());
    json.writeNumberField("bad", status.counts().bad());
    json.writeNumberField("budget_left", rounded(status.budgetLeft()));
    list(json, "alerts", status.alerts(), OperationsJson::alert);
    json.writeEndObject();
  }

  private static void alert(JsonGenerator json, SloStatus.AlertStatus alert) throws IOException {
    json.writeStartObject();
    json.writeStringField("alert", alert.alert().name());
    json.writeStringField("severity", alert.alert().severity().wireName());
    json.writeNumberField("factor", alert.alert().factor());
    json.writeStringField("long_window", alert.alert().longWindow().toString());
    json.writeStringField("short_window", alert.alert().shortWindow().toString());
    json.writeNumberField("long_burn", rounded(alert.longBurn()));
    json.writeNumberField("short_burn", rounded(alert.shortBurn()));
    json.writeBooleanField("firing", alert.firing());
    json.writeEndObject();
  }

  /** Requests, in one line each. */
  public static void requests(
      JsonGenerator json, List<Timeline> requests, Map<String, String> names) throws IOException {
    json.writeStartObject();
    list(json, "data", requests, (j, request) -> line(j, request, names));
    json.writeEndObject();
  }

  private static void line(JsonGenerator json, Timeline request, Map<String, String> names)
      throws IOException {
    json.writeStartObject();
    head(json, request, names);
    json.writeEndObject();
  }

  /** One request, with where it spent its time. */
  public static void request(JsonGenerator json, Timeline request, Map<String, String> names)
      throws IOException {
    json.writeStartObject();
    head(json, request, names);
    json.writeStringField("api_key_id", request.apiKeyId());
    json.writeStringField("received_at", request.receivedAt().toString());
    json.writeNumberField("input_tokens", request.usage().inputTokens());
    json.writeNumberField("cache_creation_tokens", request.usage().cacheCreationTokens());
    json.writeNumberField("cache_read_tokens", request.usage().cacheReadTokens());
    json.writeNumberField("output_tokens", request.usage().outputTokens());
    if (request.parent().isPresent()) {
      json.writeStringField("trace_id", request.parent().get().traceId());
    }
    list(json, "stages", request.stages(), OperationsJson::stage);
    json.writeEndObject();
  }

  private static void head(JsonGenerator json, Timeline request, Map<String, String> names)
      throws IOException {
    json.writeStringField("request_id", request.requestId());
    organisation(json, request.organisationId(), names);
    json.writeStringField("model", request.modelId());
    json.writeStringField("class", request.serviceClass().name().toLowerCase(Locale.ROOT));
    json.writeStringField("outcome", request.outcome().name());
    json.writeStringField("fault", request.outcome().fault().wireName());
    json.writeStringField("message", message(request));
    json.writeStringField("ended_at", request.endedAt().toString());
    json.writeNumberField("total_ms", millis(request.totalNanos()));
    if (request.ttftMs().isPresent()) {
      json.writeNumberField("ttft_ms", request.ttftMs().getAsLong());
    } else {
      json.writeNullField("ttft_ms");
    }
  }

  /** What a client did wrong may be told in the client's own words, which are nobody else's. */
  private static String message(Timeline request) {
    String message = request.message();
    return request.outcome().fault() == Outcome.Fault.CLIENT
        ? ""
        : message.substring(0, Math.min(message.length(), MAX_MESSAGE_CHARS));
  }

  private static void stage(JsonGenerator json, Timeline.Passed passed) throws IOException {
    json.writeStartObject();
    json.writeStringField("stage", passed.stage().wireName());
    json.writeNumberField("start_ms", millis(passed.startNanos()));
    json.writeNumberField("end_ms", millis(passed.endNanos()));
    json.writeEndObject();
  }

  /** To a microsecond. */
  private static double millis(long nanos) {
    return Math.round(nanos / 1e3) / 1e3;
  }

  private static double rounded(double value) {
    return Math.round(value * 1e3) / 1e3;
  }
}
