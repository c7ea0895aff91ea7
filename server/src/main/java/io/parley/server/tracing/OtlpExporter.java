package io.parley.server.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans by OTLP over HTTP, in JSON. What a collector does not take at once is dropped, which
 * is logged when it begins and when it ends. Thread-safe.
 */
final class OtlpExporter implements SpanExporter {
  private static final Logger log = LoggerFactory.getLogger(OtlpExporter.class);
  private static final Duration TIME_LIMIT = Duration.ofSeconds(5);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIME_LIMIT).build();
  private final URI endpoint;
  private final Attributes resource;
  private final String scope;
  private final AtomicBoolean failing = new AtomicBoolean();

  OtlpExporter(URI endpoint, Attributes resource, String scope) {
    this.endpoint = endpoint;
    this.resource = resource;
    this.scope = scope;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = new CompletableResultCode();
    HttpRequest request =
        HttpRequest.newBuilder(endpoint)
            .timeout(TIME_LIMIT)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(OtlpJson.request(spans, resource, scope)))
            .build();
    CompletableFuture<?> _ =
        client
            .sendAsync(request, HttpResponse.BodyHandlers.discarding())
            .whenComplete((response, failure) -> settle(result, response, failure));
    return result;
  }

  private void settle(
      CompletableResultCode result,
      @Nullable HttpResponse<Void> response,
      @Nullable Throwable failure) {
    boolean taken = response != null && failure == null && response.statusCode() / 100 == 2;
    note(taken, response == null ? "no answer" : "status " + response.statusCode());
    if (taken) {
      result.succeed();
    } else {
      result.fail();
    }
  }

  private void note(boolean taken, String what) {
    if (failing.getAndSet(!taken) == taken) {
      if (taken) {
        log.info("{} takes spans again", endpoint);
      } else {
        log.warn("{} takes no spans ({}): they are dropped until it does", endpoint, what);
      }
    }
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    client.shutdown();
    return CompletableResultCode.ofSuccess();
  }
}
