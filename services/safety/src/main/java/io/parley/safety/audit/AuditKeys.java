package io.parley.safety.audit;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

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
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The keys of an audit log: 256 bits each, in base64, one a line, the newest last. The newest one
 * encrypts; the others still read what they encrypted. Immutable.
 */
public final class AuditKeys {
  private static final int KEY_BYTES = 32;
  static final int ID_BYTES = 8;

  private final Map<String, byte[]> byId = new LinkedHashMap<>();

  private AuditKeys(List<byte[]> keys) {
    for (byte[] key : keys) {
      byId.put(idOf(key), key);
    }
  }

  /**
   * Reads keys as an environment variable or a file holds them.
   *
   * @param source named in errors
   * @throws ParleyException INVALID_REQUEST if there is none, or one that is not 256 bits of base64
   */
  public static AuditKeys parse(String source, String text) {
    List<byte[]> keys = new ArrayList<>();
    for (String line : text.split("[\\s,]+", -1)) {
      if (!line.isEmpty()) {
        keys.add(key(source, line));
      }
    }
    if (keys.isEmpty()) {
      throw ParleyException.invalid(source + ": holds no key");
    }
    return new AuditKeys(keys);
  }

  /**
   * The keys of a file; makes the file with a new key, for its owner alone to read, if it is not
   * there.
   *
   * @throws ParleyException INVALID_REQUEST if it cannot be made or read, or holds something else
   */
  public static AuditKeys ofFileOrNew(Path file, SecureRandom random) {
    if (Files.notExists(file)) {
      write(file, List.of(newKey(random)));
    }
    return ofFile(file);
  }

  /**
   * The keys of a file.
   *
   * @throws ParleyException INVALID_REQUEST if it cannot be read or holds something else
   */
  public static AuditKeys ofFile(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw ParleyException.invalid("the audit keys in " + file + " cannot be read: " + e);
    }
  }

  /** Adds a new key to a file; it is used from the next start on. */
  public static AuditKeys rotate(Path file, SecureRandom random) {
    List<byte[]> keys = new ArrayList<>(ofFile(file).byId.values());
    keys.add(newKey(random));
    write(file, keys);
    return new AuditKeys(keys);
  }

  /** Names the key that encrypts: the beginning of its SHA-256, in hex. */
  public String newest() {
    return List.copyOf(byId.keySet()).getLast();
  }

  /** How many there are. */
  public int size() {
    return byId.size();
  }

  /** A key for one purpose; empty if no key has this id. */
  Optional<SecretKey> derive(String id, String purpose, byte[] salt) {
    return Optional.ofNullable(byId.get(id)).map(key -> derive(key, purpose, salt));
  }

  /** RFC 5869, so that no two segments and no two purposes share a key. */
  private static SecretKey derive(byte[] key, String purpose, byte[] salt) {
    try {
      HKDFParameterSpec spec =
          HKDFParameterSpec.ofExtract()
              .addIKM(key)
              .addSalt(salt)
              .thenExpand(("parley audit " + purpose).getBytes(StandardCharsets.UTF_8), KEY_BYTES);
      return KDF.getInstance("HKDF-SHA256").deriveKey("AES", spec);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK from 25 on has HKDF", e);
    }
  }

  private static byte[] key(String source, String line) {
    try {
      byte[] key = Base64.getDecoder().decode(line);
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
      return HexFormat.of().formatHex(Arrays.copyOf(hash, ID_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] newKey(SecureRandom random) {
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
      try (FileChannel out =
          FileChannel.open(
              unfinished,
              Set.of(CREATE_NEW, WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw ParleyException.invalid("the audit keys cannot be written to " + file + ": " + e);
    }
  }
}
