package io.parley.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.parley.common.TimeSource;
import io.parley.server.DataDirectory;
import io.parley.server.Platform;
import io.parley.server.config.ConfigFlags;
import io.parley.server.config.ConfigLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What operators see of a whole server, with a model that ships. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeeingInsideTest {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern METRIC = Pattern.compile("\\b(?:parley|jvm)_[a-z0-9_]+");
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  @TempDir static Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private final BlockingQueue<String> collected = new LinkedBlockingQueue<>();
  private final List<String> keys = new ArrayList<>();
  private HttpServer collector;
  private DataDirectory data;
  private Platform server;
  private String requestId = "";

  @BeforeAll
  void start() throws IOException, InterruptedException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          collected.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    data = DataDirectory.open(directory.resolve("data"));
    server =
        Platform.start(
            new ConfigLoader(Map.of(), directory).load(flags(), null),
            HOME,
            data,
            TimeSource.system(),
            (secret, file) -> keys.add(secret));
    keys.add(operationsKey());
    requestId = ask().headers().firstValue("request-id").orElseThrow();
  }

  private ConfigFlags flags() {
    String endpoint = "http://127.0.0.1:%d/v1/traces".formatted(collector.getAddress().getPort());
    return ConfigFlags.none()
        .with("--port", "http.port", "0")
        .with("--data", "data", directory.resolve("data").toString())
        .with("--traces", "tracing.otlp-endpoint", endpoint)
        .withTable("--model", "models.files", Map.of("mini", HOME + "/models/parley-mini.gguf"));
  }

  private String operationsKey() throws IOException {
    StringWriter out = new StringWriter();
    int code =
        Main.commandLine(Map.of(), new PrintWriter(out), new PrintWriter(new StringWriter()))
            .execute(
                "keys",
                "create",
                "console",
                "--operations",
                "--json",
                "--data=" + directory.resolve("data"));
    assertThat(code).isZero();
    return new ObjectMapper().readTree(out.toString()).findValue("key").asText();
  }

  @AfterAll
  void stop() {
    server.close();
    data.close();
    collector.stop(0);
    client.shutdownNow();
  }

  private HttpResponse<String> ask() throws IOException, InterruptedException {
    String body =
        """
        {"model":"mini","max_tokens":8,"messages":[{"role":"user","content":"Hello"}]}""";
    HttpResponse<String> response =
        client.send(
            request("/v1/messages", keys.get(0))
                .header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response;
  }

  private HttpRequest.Builder request(String path, String key) {
    return HttpRequest.newBuilder(URI.create(server.url() + path))
        .header("x-api-key", key)
        .header("anthropic-version", "2023-06-01");
  }

  private String get(String path) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(request(path, keys.get(1)).build(), BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  private static Set<String> metricsIn(String text) {
    Set<String> names = new TreeSet<>();
    METRIC.matcher(text).results().forEach(match -> names.add(match.group()));
    return names;
  }

  @Test
  void everyMetricOfTheRulesAndTheDashboardExists() throws IOException, InterruptedException {
    Set<String> named = new TreeSet<>();
    named.addAll(
        metricsIn(Files.readString(HOME.resolve("docs/operations/prometheus-rules.yaml"))));
    named.addAll(
        metricsIn(Files.readString(HOME.resolve("docs/operations/grafana-dashboard.json"))));
    assertThat(named).hasSizeGreaterThan(20);
    Set<String> told = metricsIn(get("/metrics"));
    assertThat(told).containsAll(named);
  }

  @Test
  void histogramsHaveTheThresholdsOfTheObjectivesAsBuckets()
      throws IOException, InterruptedException {
    assertThat(get("/metrics").lines())
        .anyMatch(
            line ->
                line.startsWith("parley_messages_ttft_seconds_bucket")
                    && line.contains("le=\"5.0\""))
        .anyMatch(
            line ->
                line.startsWith("parley_messages_inter_token_seconds_bucket")
                    && line.contains("le=\"0.25\""));
  }

  @Test
  void theOverviewKnowsTheEngineAndTheAccounts() throws IOException, InterruptedException {
    JsonNode overview = new ObjectMapper().readTree(get("/operations/v1/overview"));
    assertThat(overview.at("/models/0/model").asText()).isEqualTo("mini");
    assertThat(overview.at("/models/0/kv_blocks").asInt()).isPositive();
    assertThat(overview.at("/models/0/circuit").asText()).isEqualTo("closed");
    assertThat(overview.at("/organizations/0/organization_id").asText()).isNotEmpty();
    assertThat(overview.get("slos")).hasSize(3);
  }

  @Test
  void aRequestHasAWaterfallThatFitsItsTime() throws IOException, InterruptedException {
    JsonNode request = new ObjectMapper().readTree(get("/operations/v1/requests/" + requestId));
    JsonNode stages = request.get("stages");
    assertThat(stages.get(0).get("start_ms").asDouble()).isZero();
    double end = stages.get(stages.size() - 1).get("end_ms").asDouble();
    assertThat(end).isPositive().isLessThanOrEqualTo(request.get("total_ms").asDouble());
    assertThat(stages.findValuesAsText("stage")).contains("queue", "prefill", "decode", "settle");
  }

  @Test
  void spansAreSentAndBelongToTheSendersTrace() throws IOException, InterruptedException {
    String sent = collected.poll(20, TimeUnit.SECONDS);
    assertThat(sent).isNotNull();
    JsonNode spans = new ObjectMapper().readTree(sent).at("/resourceSpans/0/scopeSpans/0/spans");
    assertThat(spans.findValuesAsText("name"))
        .contains("authenticate", "input_gate", "prefill", "POST /v1/messages");
    assertThat(spans).allMatch(span -> span.get("traceId").asText().equals(TRACE));
    assertThat(spans.findValuesAsText("parentSpanId")).contains("b7ad6b7169203331");
    collected.add(sent);
  }
}
