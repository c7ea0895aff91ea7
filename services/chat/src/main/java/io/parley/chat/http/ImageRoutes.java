package io.parley.chat.http;

import io.parley.chat.conversations.Block;
import io.parley.chat.conversations.Images;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pictures over HTTP. Thread-safe. */
final class ImageRoutes {
  private final Images images;

  ImageRoutes(Images images) {
    this.images = images;
  }

  List<ChatRoute> all() {
    return List.of(
        ChatRoute.signedIn("POST", "/images", this::add),
        ChatRoute.signedIn("GET", "/images/:image_id", this::get));
  }

  private record ImageView(
      String imageId, String mediaType, @Nullable Integer width, @Nullable Integer height) {}

  private void add(ChatCall call) {
    String type = call.header("content-type").orElse("").toLowerCase(Locale.ROOT).strip();
    Block.Image image = images.add(call.user(), type, call.body());
    call.reply(201, new ImageView(image.imageId(), type, image.width(), image.height()));
  }

  /** A picture never changes; it is its user's alone. */
  private void get(ChatCall call) {
    String id = call.path("image_id");
    String userId = call.user().userId();
    String type =
        images.find(userId, id).map(Block.Image::mediaType).orElseThrow(() -> notFound(id));
    byte[] bytes = images.bytes(userId, id).orElseThrow(() -> notFound(id));
    call.reply(
        200,
        type,
        bytes,
        Map.of(
            "cache-control", "private, max-age=31536000, immutable",
            "content-security-policy", "default-src 'none'; sandbox"));
  }

  private static ParleyException notFound(String id) {
    return new ParleyException(ErrorCode.NOT_FOUND, "image_id: there is no image " + id);
  }
}
