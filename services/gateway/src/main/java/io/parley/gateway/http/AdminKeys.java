package io.parley.gateway.http;

import io.parley.common.ParleyException;
import io.parley.gateway.Scope;
import io.parley.gateway.administration.AdminJson;
import io.parley.gateway.administration.ApiKey;
import io.parley.gateway.administration.ApiKeys;
import io.parley.gateway.administration.KeyFilter;
import io.parley.gateway.administration.KeySpec;
import io.parley.gateway.administration.KeyStatus;
import io.parley.gateway.administration.NewApiKey;
import io.parley.gateway.administration.Page;
import io.parley.gateway.identity.KeyKind;
import io.parley.gateway.json.Field;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code /v1/organizations/api_keys}: API keys alone. Keys of administrators are made and taken
 * back by the operator at the shell, so that a stolen one can neither multiply nor stay.
 * Thread-safe; blocks.
 */
record AdminKeys(ApiKeys keys) {
  private static final int MAX_SCOPES = 16;

  Json.Body list(AdminCall call) {
    KeyFilter filter =
        new KeyFilter(
            call.query("status").map(AdminKeys::statusOf),
            call.query("workspace_id"),
            call.query("created_by_user_id"));
    Page<ApiKey> page = keys.list(call.by(), KeyKind.API, filter, call.page());
    return json -> AdminJson.page(json, page, ApiKey::id, AdminJson::apiKey);
  }

  private static KeyStatus statusOf(String name) {
    return KeyStatus.of(name)
        .orElseThrow(
            () ->
                ParleyException.invalid(
                    "status: must be one of " + String.join(", ", KeyStatus.wireNames())));
  }

  /** Parley's own: elsewhere keys are made in a console. */
  Json.Body create(AdminCall call) {
    Field body = call.body(Set.of("name", "workspace_id", "scopes", "expires_at"));
    KeySpec spec =
        new KeySpec(
            KeyKind.API,
            body.require("name").text(),
            body.get("workspace_id").map(Field::text),
            body.get("scopes").map(AdminKeys::scopes).orElse(KeyKind.API.scopes()),
            body.get("expires_at").map(Field::instant));
    NewApiKey made = keys.create(call.by(), spec);
    return json -> AdminJson.newApiKey(json, made);
  }

  private static Set<Scope> scopes(Field field) {
    List<String> names = KeyKind.API.scopes().stream().sorted().map(Scope::wireName).toList();
    return field.items(MAX_SCOPES).stream()
        .map(item -> Scope.of(item.oneOf(names)).orElseThrow())
        .collect(Collectors.toSet());
  }

  Json.Body get(AdminCall call) {
    return answer(keys.get(call.by(), KeyKind.API, call.id("api_key_id")));
  }

  Json.Body update(AdminCall call) {
    Field body = call.body(Set.of("name", "status"));
    Optional<KeyStatus> status =
        body.get("status").map(s -> statusOf(s.oneOf(KeyStatus.settableNames())));
    String id = call.id("api_key_id");
    return answer(
        keys.update(call.by(), KeyKind.API, id, body.get("name").map(Field::text), status));
  }

  private static Json.Body answer(ApiKey key) {
    return json -> AdminJson.apiKey(json, key);
  }
}
