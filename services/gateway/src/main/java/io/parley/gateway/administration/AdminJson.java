package io.parley.gateway.administration;

import com.fasterxml.jackson.core.JsonGenerator;
import io.parley.gateway.Scope;
import io.parley.safety.PiiAction;
import io.parley.safety.PiiKind;
import io.parley.safety.PrivacyPolicy;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The objects of administration as JSON. The shapes are those of Anthropic's Admin API, as its
 * official clients read them; fields that are Parley's own come last in each, and clients skip
 * them.
 */
public final class AdminJson {
  private AdminJson() {}

  /** Writes one object. */
  @FunctionalInterface
  public interface Shape<T> {
    void write(JsonGenerator json, T item) throws IOException;
  }

  public static void organisation(JsonGenerator json, Organisation organisation)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "organization");
    json.writeStringField("id", organisation.id());
    json.writeStringField("name", organisation.name());
    json.writeStringField("tier", organisation.tierId());
    json.writeStringField("created_at", organisation.createdAt().toString());
    json.writeEndObject();
  }

  public static void member(JsonGenerator json, Member member) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "user");
    json.writeStringField("id", member.id());
    json.writeStringField("email", member.email());
    json.writeStringField("name", member.name());
    json.writeStringField("role", member.role().wireName());
    json.writeStringField("added_at", member.addedAt().toString());
    json.writeEndObject();
  }

  /**
   * Writes an invite.
   *
   * @param now decides whether it has expired
   */
  public static void invite(JsonGenerator json, Invite invite, Instant now) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "invite");
    json.writeStringField("id", invite.id());
    json.writeStringField("email", invite.email());
    json.writeStringField("role", invite.role().wireName());
    json.writeStringField("status", invite.status(now));
    json.writeStringField("invited_at", invite.invitedAt().toString());
    json.writeStringField("expires_at", invite.expiresAt().toString());
    time(json, "accepted_at", invite.acceptedAt());
    json.writeArrayFieldStart("rbac_group_ids");
    json.writeEndArray();
    json.writeEndObject();
  }

  /** What Parley has no use for says so: it runs in one place, and has no compartments. */
  public static void workspace(JsonGenerator json, Workspace workspace) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "workspace");
    json.writeStringField("id", workspace.id());
    json.writeStringField("name", workspace.name());
    json.writeStringField("display_color", workspace.displayColor());
    json.writeStringField("created_at", workspace.createdAt().toString());
    time(json, "archived_at", workspace.archivedAt());
    json.writeObjectFieldStart("data_residency");
    json.writeStringField("allowed_inference_geos", "unrestricted");
    json.writeStringField("default_inference_geo", "global");
    json.writeStringField("workspace_geo", "not_available");
    json.writeEndObject();
    json.writeStringField("compartment_id", workspace.id());
    json.writeNullField("external_key_id");
    json.writeNullField("user_profile_id");
    json.writeObjectFieldStart("tags");
    json.writeEndObject();
    json.writeEndObject();
  }

  public static void workspaceMember(JsonGenerator json, WorkspaceMember member)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "workspace_member");
    json.writeStringField("user_id", member.memberId());
    json.writeStringField("workspace_id", member.workspaceId());
    json.writeStringField("workspace_role", member.role().wireName());
    json.writeEndObject();
  }

  public static void apiKey(JsonGenerator json, ApiKey key) throws IOException {
    json.writeStartObject();
    keyFields(json, key);
    json.writeEndObject();
  }

  /** The one answer that has the secret. */
  public static void newApiKey(JsonGenerator json, NewApiKey made) throws IOException {
    json.writeStartObject();
    keyFields(json, made.key());
    json.writeStringField("key", made.secret());
    json.writeEndObject();
  }

  private static void keyFields(JsonGenerator json, ApiKey key) throws IOException {
    json.writeStringField("type", key.kind().wireName() + "_key");
    json.writeStringField("id", key.id());
    json.writeStringField("name", key.name());
    json.writeStringField("status", key.status().wireName());
    json.writeStringField("partial_key_hint", key.shownPrefix() + "...");
    json.writeStringField("workspace_id", key.workspaceId().orElse(null));
    scope(json, key);
    creator(json, key.createdBy());
    json.writeNullField("principal");
    json.writeStringField("created_at", key.createdAt().toString());
    time(json, "expires_at", key.expiresAt());
    time(json, "last_used_at", key.lastUsedAt());
    json.writeArrayFieldStart("scopes");
    for (Scope scope : key.scopes().stream().sorted().toList()) {
      json.writeString(scope.wireName());
    }
    json.writeEndArray();
  }

  private static void scope(JsonGenerator json, ApiKey key) throws IOException {
    json.writeObjectFieldStart("scope");
    if (key.workspaceId().isPresent()) {
      json.writeStringField("type", "workspace");
      json.writeStringField("workspace_id", key.workspaceId().get());
    } else {
      json.writeStringField("type", "organization");
    }
    json.writeEndObject();
  }

  /** An admin key is a machine's account; whom the shell belongs to, clients need not know. */
  private static void creator(JsonGenerator json, Actor actor) throws IOException {
    if (actor.kind() == Actor.Kind.ADMIN_KEY) {
      json.writeObjectFieldStart("created_by");
      json.writeStringField("type", "service_account");
      json.writeStringField("id", actor.id());
      json.writeEndObject();
    } else {
      json.writeNullField("created_by");
    }
  }

  public static void tier(JsonGenerator json, Tier tier) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "tier");
    json.writeStringField("id", tier.id());
    json.writeNumberField("weight", tier.weightMilli() / 1_000.0);
    number(json, "max_running", tier.maxRunning());
    number(json, "monthly_budget_micros", tier.monthlyBudgetMicros());
    json.writeArrayFieldStart("limits");
    for (TierLimits limits : tier.limits()) {
      json.writeStartObject();
      json.writeStringField("model", limits.model());
      number(json, "requests_per_minute", limits.requestsPerMinute());
      number(json, "input_tokens_per_minute", limits.inputTokensPerMinute());
      number(json, "output_tokens_per_minute", limits.outputTokensPerMinute());
      number(json, "concurrent_requests", limits.concurrentRequests());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  public static void privacy(JsonGenerator json, PrivacyPolicy policy) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "privacy_policy");
    actions(json, "prompts", policy.prompts());
    actions(json, "answers", policy.answers());
    json.writeEndObject();
  }

  private static void actions(JsonGenerator json, String name, Map<PiiKind, PiiAction> actions)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<PiiKind, PiiAction> each : actions.entrySet()) {
      json.writeStringField(each.getKey().wireName(), each.getValue().wireName());
    }
    json.writeEndObject();
  }

  public static void change(JsonGenerator json, Change change) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "change");
    json.writeStringField("id", change.id());
    json.writeStringField("at", change.at().toString());
    json.writeObjectFieldStart("actor");
    json.writeStringField("type", change.actor().kind().wireName());
    json.writeStringField("id", change.actor().id());
    json.writeEndObject();
    json.writeStringField("action", change.action());
    json.writeStringField("subject_id", change.subjectId());
    json.writeStringField("detail", change.detail());
    json.writeEndObject();
  }

  /** The envelope of a list. */
  public static <T> void page(
      JsonGenerator json, Page<T> page, Function<T, String> id, Shape<T> shape) throws IOException {
    List<T> items = page.items();
    json.writeStartObject();
    json.writeArrayFieldStart("data");
    for (T item : items) {
      shape.write(json, item);
    }
    json.writeEndArray();
    json.writeBooleanField("has_more", page.more());
    json.writeStringField("first_id", items.isEmpty() ? null : id.apply(items.getFirst()));
    json.writeStringField("last_id", items.isEmpty() ? null : id.apply(items.getLast()));
    json.writeEndObject();
  }

  private static void time(JsonGenerator json, String name, Optional<Instant> time)
      throws IOException {
    json.writeStringField(name, time.map(Instant::toString).orElse(null));
  }

  private static void number(JsonGenerator json, String name, OptionalLong value)
      throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(name, value.getAsLong());
    } else {
      json.writeNullField(name);
    }
  }
}
