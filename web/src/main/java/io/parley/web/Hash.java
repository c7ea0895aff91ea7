package io.parley.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.SortedMap;

/** SHA-256 of files, as names and policies want it. */
final class Hash {
  private static final int NAME_BYTES = 8;

  private Hash() {}

  /** 16 hexadecimal digits. */
  static String ofBytes(byte[] content) {
    return name(sha256().digest(content));
  }

  /** 16 hexadecimal digits of all files of a folder and their names. */
  static String ofFolder(SortedMap<String, byte[]> files) {
    MessageDigest digest = sha256();
    files.forEach(
        (name, content) -> {
          digest.update(name.getBytes(StandardCharsets.UTF_8));
          digest.update((byte) 0);
          digest.update(sha256().digest(content));
        });
    return name(digest.digest());
  }

  /** As a Content-Security-Policy names an inline script: {@code sha256-…} in base 64. */
  static String ofInline(String script) {
    byte[] hash = sha256().digest(script.getBytes(StandardCharsets.UTF_8));
    return "sha256-" + Base64.getEncoder().encodeToString(hash);
  }

  private static String name(byte[] hash) {
    return HexFormat.of().formatHex(hash, 0, NAME_BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
