package io.parley.gateway.http;

import io.parley.common.ParleyException;
import io.parley.gateway.Scope;
import io.parley.gateway.messages.Authentication;
import io.parley.gateway.messages.ModelNames;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.ModelPool;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/models} and {@code GET /v1/models/{model_id}}. Thread-safe; blocks. */
final class ModelsEndpoint {
  private static final int DEFAULT_LIMIT = 20;
  private static final int MAX_LIMIT = 1_000;

  private final Authentication authentication;
  private final ModelPool models;
  private final ModelNames names;

  ModelsEndpoint(Authentication authentication, ModelPool models) {
    this.authentication = authentication;
    this.models = models;
    this.names = new ModelNames(models);
  }

  /** A page of the models, newest first. */
  void list(HttpCall call) {
    authentication.principal(call.head(), Scope.MODELS);
    List<ModelDescriptor> all = models.models();
    String after = call.query("after_id");
    String before = call.query("before_id");
    int limit = limit(call.query("limit"));
    if (after != null && before != null) {
      throw ParleyException.invalid("before_id: cannot be combined with after_id");
    }
    int from = after == null ? 0 : indexOf(all, after, "after_id") + 1;
    int to = before == null ? all.size() : indexOf(all, before, "before_id");
    int first = before == null ? from : Math.max(from, to - limit);
    int last = Math.min(to, first + limit);
    boolean more = before == null ? last < to : first > from;
    List<ModelDescriptor> page = all.subList(first, last);
    call.reply(200, Json.bytes(json -> MessageJson.page(json, page, more)));
  }

  /** One model, by its id or an alias. */
  void get(HttpCall call) {
    authentication.principal(call.head(), Scope.MODELS);
    ModelDescriptor model = names.resolve(lastSegment(call.path()));
    call.reply(200, Json.bytes(json -> MessageJson.model(json, model)));
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    if (!text.matches("[0-9]{1,4}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > MAX_LIMIT) {
      throw ParleyException.invalid(
          "limit: must be an integer from 1 to " + MAX_LIMIT + ", got \"" + text + "\"");
    }
    return Integer.parseInt(text);
  }

  private static int indexOf(List<ModelDescriptor> models, String id, String parameter) {
    for (int i = 0; i < models.size(); i++) {
      if (models.get(i).id().equals(id)) {
        return i;
      }
    }
    throw ParleyException.invalid(parameter + ": must be the id of a model, got \"" + id + "\"");
  }

  private static String lastSegment(String path) {
    String segment = path.substring(path.lastIndexOf('/') + 1).replace("+", "%2B");
    try {
      return URLDecoder.decode(segment, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ParleyException.invalid("model_id: is not valid percent-encoding: " + segment);
    }
  }
}
