package io.parley.web;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The stream of all that happens to the user, from any position on. Belongs to one event loop. */
final class StubDevices {
  private final Set<HttpServerResponse> devices = new HashSet<>();
  private final List<JsonObject> events = new ArrayList<>();

  void follow(StubCall call) {
    String position = call.request().getHeader("last-event-id");
    int from = position == null ? events.size() : Integer.parseInt(position);
    HttpServerResponse response = call.stream();
    response.write(StubCall.event("", "ready", new JsonObject().put("position", from)));
    for (int i = from; i < events.size(); i++) {
      response.write(event(i));
    }
    devices.add(response);
    response.closeHandler(gone -> devices.remove(response));
  }

  void publish(String type, JsonObject data) {
    events.add(new JsonObject().put("type", type).put("data", data.copy()));
    devices.forEach(device -> device.write(event(events.size() - 1)));
  }

  void publishMessage(JsonObject message) {
    String id = message.getString("conversation_id");
    publish("message", new JsonObject().put("conversation_id", id).put("message", message));
  }

  void forget() {
    devices.clear();
  }

  private String event(int index) {
    JsonObject event = events.get(index);
    return StubCall.event(
        Integer.toString(index + 1), event.getString("type"), event.getJsonObject("data"));
  }
}
