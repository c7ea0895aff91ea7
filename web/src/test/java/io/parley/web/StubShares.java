package io.parley.web;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Links to conversations, with what they showed when they were made. Belongs to one event loop. */
final class StubShares {
  private final StubChats chats;
  private final StubImages images;
  private final Map<String, JsonObject> shared = new HashMap<>();
  private int made;

  StubShares(StubChats chats, StubImages images) {
    this.chats = chats;
    this.images = images;
  }

  /** Makes or ends the link of a conversation. */
  void change(StubCall call, JsonObject conversation) {
    if (call.is(HttpMethod.DELETE)) {
      shared.remove(conversation.getString("share_id"));
      conversation.putNull("share_id");
      call.done(204);
    } else {
      String id = "shr_" + ++made;
      shared.put(id, snapshot(conversation));
      conversation.put("share_id", id);
      call.reply(201, new JsonObject().put("share_id", id).put("url", "/share/" + id));
    }
  }

  private JsonObject snapshot(JsonObject conversation) {
    var path = new ArrayDeque<JsonObject>();
    var tree = chats.tree(conversation.getString("id"));
    @Nullable String at = conversation.getString("head_id");
    while (at != null) {
      JsonObject message = Objects.requireNonNull(tree.get(at));
      path.addFirst(message.copy());
      at = message.getString("parent_id");
    }
    return new JsonObject()
        .put("title", conversation.getString("title"))
        .put("created_at", conversation.getString("created_at"))
        .put("data", new JsonArray(path.stream().toList()));
  }

  /** What whoever has the link may see: the conversation, and the pictures in it. */
  void serve(StubCall call) {
    JsonObject snapshot = shared.get(call.part(1));
    if (snapshot == null) {
      call.refuse(404, "not_found_error", "there is no such link");
    } else if (call.part(2).equals("images")) {
      images.send(call, call.part(3));
    } else {
      call.reply(200, snapshot);
    }
  }
}
