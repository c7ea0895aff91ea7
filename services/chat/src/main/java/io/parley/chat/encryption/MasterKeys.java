package io.parley.chat.encryption;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that wrap the keys of users: 32 bytes each, in base64, one a line, the newest last. The
 * newest one wraps; the others still unwrap what they wrapped. Immutable.
 */
public final class MasterKeys {
  private static final int KEY_BYTES = 32;
  private static final int ID_BYTES = 8;

  private final Map<String, byte[]> byId = new LinkedHashMap<>();

  private MasterKeys(List<byte[]> keys) {
    keys.forEach(key -> byId.put(idOf(key), key));
  }

  /**
   * Reads keys as an environment variable or a file holds them.
   *
   * @param source named in errors
   * @throws ParleyException INVALID_REQUEST if there is none, or one that is not 32 bytes of base64
   */
  public static MasterKeys parse(String source, String text) {
    List<byte[]> keys =
        text.lines()
            .flatMap(line -> Arrays.stream(line.split("[\\s,]+", -1)))
            .filter(word -> !word.isEmpty())
            .map(word -> key(source, word))
            .toList();
    if (keys.isEmpty()) {
      throw ParleyException.invalid(source + ": holds no key");
    }
    return new MasterKeys(keys);
  }

  /**
   * The keys of a file.
   *
   * @throws ParleyException INVALID_REQUEST if it cannot be read or holds something else
   */
  public static MasterKeys ofFile(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw ParleyException.invalid("the master keys in " + file + " cannot be read: " + e);
    }
  }

  /** The same; makes the file with a new key, for its owner alone to read, if it is not there. */
  public static MasterKeys ofFileOrNew(Path file, RandomGenerator random) {
    if (Files.notExists(file)) {
      write(file, List.of(newKey(random)));
    }
    return ofFile(file);
  }

  /** Adds a new key to a file. What the others wrapped is to be wrapped again by it. */
  public static MasterKeys rotate(Path file, RandomGenerator random) {
    List<byte[]> keys = new ArrayList<>(ofFile(file).byId.values());
    keys.add(newKey(random));
    write(file, keys);
    return new MasterKeys(keys);
  }

  /** Names the key that wraps: the beginning of its SHA-256, in hex. */
  public String newest() {
    return List.copyOf(byId.keySet()).getLast();
  }

  byte[] wrap(String userId, byte[] userKey, RandomGenerator random) {
    return AesGcm.seal(aes(newest()), context(userId), userKey, random);
  }

  byte[] unwrap(String masterKeyId, String userId, byte[] wrapped) {
    return AesGcm.open(aes(masterKeyId), context(userId), wrapped);
  }

  private SecretKey aes(String id) {
    byte[] key =
        Optional.ofNullable(byId.get(id))
            .orElseThrow(
                () ->
                    new ParleyException(
                        ErrorCode.API,
                        "the master key %s is missing: add it to the keys again".formatted(id)));
    return new SecretKeySpec(key, "AES");
  }

  private static byte[] context(String userId) {
    return ("parley user key " + userId).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] key(String source, String word) {
    try {
      byte[] key = Base64.getDecoder().decode(word);
      if (key.length == KEY_BYTES) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      // The same error: a key must not be quoted, so there is nothing more to say.
    }
    throw ParleyException.invalid(
        source + ": a key must be 32 bytes in base64, such as `openssl rand -base64 32` prints");
  }

  private static String idOf(byte[] key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
      return HexFormat.of().formatHex(hash, 0, ID_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static byte[] newKey(RandomGenerator random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return key;
  }

  /** The file has its whole content or its old one, and its mode from the moment it exists. */
  private static void write(Path file, List<byte[]> keys) {
    String text =
        keys.stream()
            .map(key -> Base64.getEncoder().encodeToString(key) + "\n")
            .collect(Collectors.joining());
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(unfinished);
      var ownerOnly =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      try (FileChannel out = FileChannel.open(unfinished, Set.of(CREATE_NEW, WRITE), ownerOnly)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw ParleyException.invalid("the master keys cannot be written to " + file + ": " + e);
    }
  }
}
