package io.parley.gateway.usage;

import com.fasterxml.jackson.core.JsonGenerator;
import io.parley.gateway.messages.Accepted;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reports as JSON, in the shapes of Anthropic's Admin API. What no server of this kind has, such as
 * web searches and regions, is zero or null.
 */
public final class UsageJson {
  private static final int NANO_DECIMALS = 9;

  private UsageJson() {}

  /** Writes the lines of one bucket. */
  @FunctionalInterface
  private interface Lines {
    void write(JsonGenerator json, List<UsageSum> sums) throws IOException;
  }

  /** {@code usage_report/messages}. */
  public static void usage(JsonGenerator json, ReportPage page, List<UsageSum> sums)
      throws IOException {
    report(json, page, sums, UsageJson::usageLines);
  }

  /**
   * {@code cost_report}.
   *
   * @param sums by model, tier and context window if it is to be told by description
   * @param described whether to tell apart what was paid for
   */
  public static void cost(
      JsonGenerator json, ReportPage page, List<UsageSum> sums, boolean described)
      throws IOException {
    report(json, page, sums, described ? UsageJson::describedCosts : UsageJson::costs);
  }

  private static void report(JsonGenerator json, ReportPage page, List<UsageSum> sums, Lines lines)
      throws IOException {
    Map<Instant, List<UsageSum>> byBucket = new LinkedHashMap<>();
    page.buckets().forEach(bucket -> byBucket.put(bucket, new ArrayList<>()));
    sums.forEach(sum -> byBucket.computeIfAbsent(sum.bucket(), at -> new ArrayList<>()).add(sum));
    json.writeStartObject();
    json.writeArrayFieldStart("data");
    for (Map.Entry<Instant, List<UsageSum>> bucket : byBucket.entrySet()) {
      json.writeStartObject();
      json.writeStringField("starting_at", bucket.getKey().toString());
      json.writeStringField(
          "ending_at", bucket.getKey().plusMillis(page.width().millis()).toString());
      json.writeArrayFieldStart("results");
      lines.write(json, bucket.getValue());
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeBooleanField("has_more", page.next().isPresent());
    json.writeStringField("next_page", page.next().orElse(null));
    json.writeEndObject();
  }

  private static void usageLines(JsonGenerator json, List<UsageSum> sums) throws IOException {
    for (UsageSum sum : sums) {
      json.writeStartObject();
      tokens(json, sum.tokens());
      json.writeObjectFieldStart("server_tool_use");
      json.writeNumberField("web_search_requests", 0);
      json.writeEndObject();
      for (Dimension dimension : Dimension.values()) {
        json.writeStringField(dimension.wireName(), sum.of(dimension).orElse(null));
      }
      json.writeNullField("inference_geo");
      json.writeNullField("account_id");
      json.writeNullField("service_account_id");
      json.writeNumberField("requests", sum.requests());
      json.writeEndObject();
    }
  }

  private static void tokens(JsonGenerator json, ByKind tokens) throws IOException {
    json.writeNumberField("uncached_input_tokens", tokens.input());
    json.writeObjectFieldStart("cache_creation");
    json.writeNumberField("ephemeral_5m_input_tokens", tokens.cacheWrite5m());
    json.writeNumberField("ephemeral_1h_input_tokens", tokens.cacheWrite1h());
    json.writeEndObject();
    json.writeNumberField("cache_read_input_tokens", tokens.cacheRead());
    json.writeNumberField("output_tokens", tokens.output());
  }

  private static void costs(JsonGenerator json, List<UsageSum> sums) throws IOException {
    for (UsageSum sum : sums) {
      json.writeStartObject();
      amount(json, sum, sum.nanos().total());
      for (String absent :
          List.of("description", "cost_type", "context_window", "model", "service_tier")) {
        json.writeNullField(absent);
      }
      json.writeNullField("token_type");
      json.writeNullField("inference_geo");
      json.writeEndObject();
    }
  }

  private static void describedCosts(JsonGenerator json, List<UsageSum> sums) throws IOException {
    for (UsageSum sum : sums) {
      for (TokenKind kind : TokenKind.values()) {
        if (sum.tokens().of(kind) > 0) {
          describedCost(json, sum, kind);
        }
      }
    }
  }

  private static void describedCost(JsonGenerator json, UsageSum sum, TokenKind kind)
      throws IOException {
    json.writeStartObject();
    amount(json, sum, sum.nanos().of(kind));
    String tier = sum.of(Dimension.SERVICE_TIER).orElse("");
    json.writeStringField(
        "description",
        "%s Usage%s - %s"
            .formatted(
                sum.of(Dimension.MODEL).orElse(""),
                tier.equals(Accepted.BATCH) ? " (Batch)" : "",
                kind.title()));
    json.writeStringField("cost_type", "tokens");
    for (Dimension dimension :
        List.of(Dimension.CONTEXT_WINDOW, Dimension.MODEL, Dimension.SERVICE_TIER)) {
      json.writeStringField(dimension.wireName(), sum.of(dimension).orElse(null));
    }
    json.writeStringField("token_type", kind.wireName());
    json.writeNullField("inference_geo");
    json.writeEndObject();
  }

  /** In the smallest unit of the currency, such as cents, exact to the last digit. */
  private static void amount(JsonGenerator json, UsageSum sum, long nanos) throws IOException {
    int digits = Math.max(0, Currency.getInstance(sum.currency()).getDefaultFractionDigits());
    json.writeStringField("currency", sum.currency());
    json.writeStringField("amount", plain(BigDecimal.valueOf(nanos, NANO_DECIMALS - digits)));
    json.writeStringField("workspace_id", sum.of(Dimension.WORKSPACE).orElse(null));
  }

  /** A line of a report over all buckets: what it is the sum of, tokens, and the amount. */
  public static void line(JsonGenerator json, UsageSum sum) throws IOException {
    json.writeStartObject();
    json.writeStringField("starting_at", sum.bucket().toString());
    for (Dimension dimension : Dimension.values()) {
      if (sum.group().containsKey(dimension)) {
        json.writeStringField(dimension.wireName(), sum.of(dimension).orElse(null));
      }
    }
    json.writeNumberField("requests", sum.requests());
    tokens(json, sum.tokens());
    amount(json, sum, sum.nanos().total());
    json.writeEndObject();
  }

  /** An amount in whole units of the currency, exact to the last digit. */
  public static String units(long nanos) {
    return plain(BigDecimal.valueOf(nanos, NANO_DECIMALS));
  }

  private static String plain(BigDecimal amount) {
    return amount.stripTrailingZeros().toPlainString();
  }
}
