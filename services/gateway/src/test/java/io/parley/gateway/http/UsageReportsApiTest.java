package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.gateway.identity.KeyKind;
import io.parley.ports.model.Usage;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code usage_report/messages} and {@code cost_report}. */
@SuppressWarnings("NullAway.Init") // set before each
class UsageReportsApiTest {
  private static final String USAGE = "/v1/organizations/usage_report/messages";
  private static final String COST = "/v1/organizations/cost_report";

  @TempDir Path directory;
  private final String today =
      "?starting_at=" + Instant.now().truncatedTo(ChronoUnit.DAYS).minus(1, ChronoUnit.DAYS);
  private AdminServer server;
  private AdminServer.Tenant tenant;
  private String key;

  @BeforeEach
  void start() {
    server = new AdminServer(directory);
    tenant = server.tenant("ours");
    key = server.key(tenant.by(), KeyKind.API);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private JsonNode ask(String withKey, Usage prompt, String more) {
    server.gateway.models.script(g -> g.start(prompt).text("Hello").text(" you").endTurn());
    HttpResponse<String> response =
        server.send(withKey, "POST", "/v1/messages", TestGateway.body(more));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return more.contains("stream")
        ? last(response.body())
        : Events.json(response.body()).get("usage");
  }

  private static JsonNode last(String events) {
    String data = events.substring(events.indexOf("event: message_delta"));
    return Events.json(data.lines().skip(1).findFirst().orElseThrow().substring(6)).get("usage");
  }

  private static List<JsonNode> results(JsonNode report) {
    List<JsonNode> results = new ArrayList<>();
    report.get("data").forEach(bucket -> bucket.get("results").forEach(results::add));
    return results;
  }

  @Test
  void reportsAreTheSumsOfWhatAnswersSaid() {
    List<JsonNode> said =
        List.of(
            ask(key, new Usage(10, 0), ""),
            ask(key, new Usage(3, 0, 20, 30), marked("5m")),
            ask(key, new Usage(4, 0, 50, 60), marked("1h")),
            ask(key, new Usage(5, 0, 7, 8), ",\"stream\":true"));
    JsonNode result = results(tenant.get(USAGE + today)).getFirst();
    assertThat(result.get("uncached_input_tokens").longValue())
        .isEqualTo(sum(said, "input_tokens"));
    assertThat(result.get("cache_read_input_tokens").longValue())
        .isEqualTo(sum(said, "cache_read_input_tokens"));
    assertThat(result.get("output_tokens").longValue()).isEqualTo(sum(said, "output_tokens"));
    assertThat(result.at("/cache_creation/ephemeral_5m_input_tokens").longValue()).isEqualTo(27);
    assertThat(result.at("/cache_creation/ephemeral_1h_input_tokens").longValue()).isEqualTo(50);
    assertThat(result.get("requests").longValue()).isEqualTo(4);
    assertThat(result.get("model").isNull()).isTrue();
  }

  private static String marked(String ttl) {
    return ",\"system\":[{\"type\":\"text\",\"text\":\"s\",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"%s\"}}]"
        .formatted(ttl);
  }

  private static long sum(List<JsonNode> usages, String field) {
    return usages.stream().mapToLong(usage -> usage.get(field).longValue()).sum();
  }

  @Test
  void costsAreExactToTheLastDigitInCents() {
    ask(key, new Usage(7, 0), "");
    ask(key, new Usage(1, 0, 0, 3), "");
    JsonNode result = results(tenant.get(COST + today)).getFirst();
    assertThat(result.get("currency").textValue()).isEqualTo("USD");
    // 8 plain tokens at 0.10, 3 read at 0.01 and 6 written at 0.40 dollars for a million
    assertThat(result.get("amount").textValue()).isEqualTo("0.000323");
    assertThat(result.get("token_type").isNull()).isTrue();
    List<JsonNode> described =
        results(
            tenant.get(COST + today + "&group_by%5B%5D=description&group_by%5B%5D=workspace_id"));
    assertThat(described)
        .extracting(each -> each.get("token_type").textValue())
        .containsExactlyInAnyOrder(
            "uncached_input_tokens", "cache_read_input_tokens", "output_tokens");
    assertThat(described)
        .extracting(each -> each.get("description").textValue())
        .contains("parley-test Usage - Output Tokens");
    assertThat(
            described.stream()
                .map(each -> new BigDecimal(each.get("amount").textValue()))
                .reduce(BigDecimal.ZERO, BigDecimal::add))
        .isEqualByComparingTo("0.000323");
  }

  @Test
  void groupsAndFiltersTellUsageApart() {
    String other = server.key(tenant.by(), KeyKind.API);
    ask(key, new Usage(10, 0), "");
    ask(other, new Usage(100, 0), "");
    String grouped = USAGE + today + "&group_by%5B%5D=api_key_id&group_by%5B%5D=model";
    List<JsonNode> all = results(tenant.get(grouped));
    assertThat(all)
        .extracting(each -> each.get("uncached_input_tokens").longValue())
        .containsExactlyInAnyOrder(10L, 100L);
    assertThat(all)
        .extracting(each -> each.get("model").textValue())
        .containsOnly(TestGateway.MODEL);
    String id = all.getFirst().get("api_key_id").textValue();
    assertThat(results(tenant.get(grouped + "&api_key_ids%5B%5D=" + id)))
        .containsExactly(all.getFirst());
    assertThat(results(tenant.get(grouped + "&models%5B%5D=other"))).isEmpty();
    assertThat(results(tenant.get(grouped + "&service_tiers%5B%5D=batch"))).isEmpty();
    assertThat(results(tenant.get(grouped + "&context_window%5B%5D=0-200k"))).hasSize(2);
    assertThat(results(tenant.get(grouped + "&workspace_ids%5B%5D=wrkspc_1"))).isEmpty();
  }

  @Test
  void everyBucketOfARangeIsThereAndPagesGoOn() {
    ask(key, new Usage(10, 0), "");
    JsonNode report = tenant.get(USAGE + today + "&bucket_width=1h&limit=5");
    assertThat(report.get("data")).hasSize(5);
    assertThat(report.get("has_more").booleanValue()).isTrue();
    long found = 0;
    while (report.get("has_more").booleanValue()) {
      String next = URLEncoder.encode(report.get("next_page").textValue(), StandardCharsets.UTF_8);
      report = tenant.get(USAGE + today + "&bucket_width=1h&limit=5&page=" + next);
      found +=
          results(report).stream().mapToLong(r -> r.get("uncached_input_tokens").longValue()).sum();
    }
    assertThat(found).isEqualTo(10);
    assertThat(report.get("next_page").isNull()).isTrue();
  }

  @Test
  void anOrganisationSeesItsOwnUsageAlone() {
    ask(key, new Usage(10, 0), "");
    AdminServer.Tenant stranger = server.tenant("theirs");
    assertThat(results(stranger.get(USAGE + today))).isEmpty();
    assertThat(results(stranger.get(COST + today))).isEmpty();
    assertThat(server.send(key, "GET", USAGE + today, "").statusCode()).isEqualTo(403);
  }

  @Test
  void whatIsNotSupportedIsRefusedByName() {
    refused(USAGE, "starting_at: Field required");
    refused(USAGE + "?starting_at=yesterday", "starting_at: must be a time");
    refused(USAGE + today + "&bucket_width=1w", "bucket_width: \\\"1w\\\" is not supported");
    refused(COST + today + "&bucket_width=1h", "bucket_width: \\\"1h\\\" is not supported");
    refused(USAGE + today + "&group_by%5B%5D=inference_geo", "group_by[]: \\\"inference_geo\\\"");
    refused(COST + today + "&group_by%5B%5D=model", "group_by[]: \\\"model\\\" is not supported");
    refused(USAGE + today + "&account_ids%5B%5D=user_1", "account_ids[]: this path has no such");
    refused(USAGE + today + "&service_tiers%5B%5D=flex", "service_tiers[]: \\\"flex\\\"");
    refused(USAGE + today + "&limit=32", "limit: must be an integer from 1 to 31");
    refused(COST + today + "&models%5B%5D=a", "models[]: this path has no such query parameter");
  }

  private void refused(String path, String message) {
    HttpResponse<String> response = tenant.send("GET", path, "");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains(message);
  }
}
