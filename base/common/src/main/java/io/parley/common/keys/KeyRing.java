package io.parley.common.keys;

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
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
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

/**
 * Keys of 256 bits, in base64, one a line, the newest last. The newest one is used for what is new;
 * the others still open what they closed. Immutable.
 *
 * <p>A key is named by the beginning of its SHA-256, which may stand beside what it closed.
 */
public final class KeyRing {
  /** Bytes of a key. */
  public static final int KEY_BYTES = 32;

  /** Bytes that name a key; as text, in hex, twice as many characters. */
  public static final int ID_BYTES = 8;

  private final Map<String, byte[]> byId = new LinkedHashMap<>();

  private KeyRing(List<byte[]> keys) {
    keys.forEach(key -> byId.put(idOf(key), key));
  }

  /**
   * Reads keys as an environment variable or a file holds them, with blanks or commas between.
   *
   * @param source named in errors
   * @throws ParleyException INVALID_REQUEST if there is none, or one that is not 256 bits of base64
   */
  public static KeyRing parse(String source, String text) {
    List<byte[]> keys =
        Arrays.stream(text.split("[\\s,]+", -1))
            .filter(word -> !word.isEmpty())
            .map(word -> key(source, word))
            .toList();
    if (keys.isEmpty()) {
      throw ParleyException.invalid(source + ": holds no key");
    }
    return new KeyRing(keys);
  }

  /**
   * The keys of a file.
   *
   * @throws ParleyException INVALID_REQUEST if it cannot be read or holds something else
   */
  public static KeyRing ofFile(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw ParleyException.invalid("the keys in " + file + " cannot be read: " + e);
    }
  }

  /**
   * The same; makes the file with a new key, for its owner alone to read, if it is not there.
   *
   * @param random cryptographically strong
   */
  public static KeyRing ofFileOrNew(Path file, RandomGenerator random) {
    if (Files.notExists(file)) {
      write(file, List.of(newKey(random)));
    }
    return ofFile(file);
  }

  /**
   * Adds a new key to a file.
   *
   * @param random cryptographically strong
   */
  public static KeyRing rotate(Path file, RandomGenerator random) {
    List<byte[]> keys = new ArrayList<>(ofFile(file).byId.values());
    keys.add(newKey(random));
    write(file, keys);
    return new KeyRing(keys);
  }

  /** Names the key that is used for what is new, in hex. */
  public String newest() {
    return List.copyOf(byId.keySet()).getLast();
  }

  /** The key of this name; must not be modified. Empty if it is not on the ring. */
  public Optional<byte[]> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** How many there are. */
  public int size() {
    return byId.size();
  }

  /**
   * A key that nobody has.
   *
   * @param random cryptographically strong
   */
  public static byte[] newKey(RandomGenerator random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return key;
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

  /** The file has its whole content or its old one, and its mode from the moment it exists. */
  private static void write(Path file, List<byte[]> keys) {
    String text =
        keys.stream()
            .map(key -> Base64.getEncoder().encodeToString(key) + "\n")
            .collect(Collectors.joining());
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    FileAttribute<Set<PosixFilePermission>> ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try {
      Files.deleteIfExists(unfinished);
      try (FileChannel out = FileChannel.open(unfinished, Set.of(CREATE_NEW, WRITE), ownerOnly)) {
        ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw ParleyException.invalid("the keys cannot be written to " + file + ": " + e);
    }
  }
}
