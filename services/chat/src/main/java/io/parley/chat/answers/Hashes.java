package io.parley.chat.answers;

import io.parley.chat.conversations.Block;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells two requests apart, whatever their client ids say. */
final class Hashes {
  private Hashes() {}

  /** SHA-256 of all that a request asks for; each part is preceded by its length. */
  static String of(
      String kind, @Nullable String about, @Nullable String model, List<Block> blocks) {
    StringBuilder all = new StringBuilder();
    part(all, kind);
    part(all, about == null ? "" : about);
    part(all, model == null ? "" : model);
    for (Block block : blocks) {
      switch (block) {
        case Block.Text(String text) -> part(part(all, "text"), text);
        case Block.Image image -> part(part(all, "image"), image.imageId());
      }
    }
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(all.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static StringBuilder part(StringBuilder all, String part) {
    return all.append(part.length()).append(':').append(part);
  }
}
