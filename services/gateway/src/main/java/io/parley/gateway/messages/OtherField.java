package io.parley.gateway.messages;

import io.parley.common.ParleyException;
import io.parley.gateway.json.Field;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The fields of a request that have no effect on the answer here, one by one: what real clients
 * send is accepted where the answer is still what the client wants, and refused by name where it
 * would not be. A field that is in no table is refused as unknown.
 */
@SuppressWarnings("ImmutableEnumChecker") // the checks keep nothing
enum OtherField {
  /** Clears thinking and tool results from long conversations; there are none of either. */
  CONTEXT_MANAGEMENT("context_management", true, OtherField::contextManagement),

  /** Asks for a report on the prompt cache. */
  DIAGNOSTICS("diagnostics", false, note("not reported by this server")),

  /** Models to try after a refusal; a refusal is final here, whatever the model. */
  FALLBACKS("fallbacks", false, note("not tried: a refusal is final here")),

  /** Names the client's user for the operator; no effect on the answer. */
  METADATA("metadata", false, (field, notices) -> field.object(Set.of("user_id"))),

  /** Some clients send the beta header's list in the body as well. */
  BETAS("betas", true, OtherField::betas),

  /** How hard to think: models here have one way to answer. */
  OUTPUT_CONFIG("output_config", true, OtherField::outputConfig),

  /** The older place of {@code output_config.format}. */
  OUTPUT_FORMAT("output_format", true, refuse("structured output is not supported")),

  /** There is one tier, and it is the standard one. */
  SERVICE_TIER(
      "service_tier", false, (field, notices) -> field.oneOf(List.of("auto", "standard_only"))),

  /** There is one speed. */
  SPEED("speed", true, (field, notices) -> field.oneOf(List.of("standard"))),

  /** Whether to think before answering; models here do not. */
  THINKING("thinking", true, OtherField::thinking),

  /** Everything runs where this server runs. */
  INFERENCE_GEO(
      "inference_geo", false, (field, notices) -> field.oneOf(List.of("global", "not_available"))),

  /** Who pays: there is nobody else. */
  BILLING_POLICY(
      "billing_policy",
      true,
      (field, notices) -> field.object().require("bill_to").oneOf(List.of("self"))),

  COMPACTION("compaction", true, refuse("conversations are not summarized by this server")),

  CONTAINER("container", false, refuse("this server has no code execution containers")),

  FALLBACK_CREDIT_TOKEN("fallback_credit_token", false, refuse("this server gives no credits")),

  /** An empty list asks for nothing. */
  MCP_SERVERS("mcp_servers", true, OtherField::mcpServers),

  THREAD("thread", false, refuse("conversations are not kept; send all messages"));

  private static final int MAX_ITEMS = 256;

  private final String wireName;
  private final boolean inCountTokens;
  private final BiConsumer<Field, List<Notice>> check;

  OtherField(String wireName, boolean inCountTokens, BiConsumer<Field, List<Notice>> check) {
    this.wireName = wireName;
    this.inCountTokens = inCountTokens;
    this.check = check;
  }

  String wireName() {
    return wireName;
  }

  /** Whether a request to count tokens may have it too. */
  boolean inCountTokens() {
    return inCountTokens;
  }

  /** Checks the field, if the body has it. */
  void read(Field body, List<Notice> notices) {
    body.get(wireName).ifPresent(field -> check.accept(field, notices));
  }

  private static BiConsumer<Field, List<Notice>> note(String remark) {
    return (field, notices) -> notices.add(new Notice(field.path(), remark));
  }

  private static BiConsumer<Field, List<Notice>> refuse(String why) {
    return (field, notices) -> {
      throw field.error("not supported: " + why);
    };
  }

  private static void betas(Field field, List<Notice> notices) {
    field.items(MAX_ITEMS).forEach(Field::text);
  }

  private static void contextManagement(Field field, List<Notice> notices) {
    field.object(Set.of("edits")).get("edits").ifPresent(OtherField::edits);
    notices.add(new Notice(field.path(), "nothing to clear: no thinking, no tool results"));
  }

  private static void edits(Field edits) {
    for (Field edit : edits.items(MAX_ITEMS)) {
      Field type = edit.object().require("type");
      if (!type.text().startsWith("clear_")) {
        throw type.error(type.value() + " is not supported: this server clears, and only that");
      }
    }
  }

  private static void outputConfig(Field field, List<Notice> notices) {
    field.object(Set.of("effort", "format", "task_budget"));
    field
        .get("format")
        .ifPresent(
            format -> {
              throw unsupported(format, "structured output");
            });
    field
        .get("task_budget")
        .ifPresent(
            budget -> {
              throw unsupported(budget, "a token budget for a task");
            });
    field
        .get("effort")
        .ifPresent(
            effort -> {
              effort.oneOf(List.of("low", "medium", "high", "xhigh", "max"));
              notices.add(new Notice(effort.path(), "{model} has one level of effort"));
            });
  }

  private static ParleyException unsupported(Field field, String what) {
    return field.error(what + " is not supported");
  }

  private static void thinking(Field field, List<Notice> notices) {
    Field type = field.object().require("type");
    switch (type.oneOf(List.of("adaptive", "between_tools", "disabled", "enabled"))) {
      case "enabled" ->
          throw type.error(
              "\"enabled\" is not supported: no model of this server thinks before it answers; use"
                  + " \"adaptive\" or \"disabled\"");
      case "disabled" -> {}
      default -> notices.add(new Notice(field.path(), "{model} answers without thinking"));
    }
  }

  private static void mcpServers(Field field, List<Notice> notices) {
    if (!field.items(MAX_ITEMS).isEmpty()) {
      throw field.error("not supported: this server calls no MCP servers");
    }
  }
}
