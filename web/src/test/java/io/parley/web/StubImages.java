package io.parley.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pictures that were sent. Belongs to one event loop. */
final class StubImages {
  private static final int MOST_BYTES = 8 << 20;

  private final Map<String, Buffer> images = new HashMap<>();

  void serve(StubCall call) {
    if (call.reads()) {
      send(call, call.part(1));
    } else if (call.body().length() > MOST_BYTES) {
      call.refuse(
          413,
          "request_too_large",
          "body: an image has at most %d bytes, and this one %d"
              .formatted(MOST_BYTES, call.body().length()));
    } else {
      String id = "img_" + images.size();
      images.put(id, call.body());
      var image = new JsonObject().put("image_id", id).put("media_type", "image/png");
      call.reply(201, image.put("width", 320).put("height", 200));
    }
  }

  void send(StubCall call, String id) {
    @Nullable Buffer image = images.get(id);
    if (image == null) {
      call.refuse(404, "not_found_error", "image_id: there is no image " + id);
    } else {
      call.request().response().putHeader("content-type", "image/png").end(image);
    }
  }
}
