package io.parley.embedded;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.objects.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * An {@link ObjectStore} in a directory: one file for each object, which appears whole under its
 * name. Thread-safe.
 */
public final class DirectoryObjectStore implements ObjectStore {
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*");
  private static final String UNFINISHED = ".new";

  private final Path root;
  private final AtomicLong unfinished = new AtomicLong();

  /** Makes the directory if it is not there, and removes what an earlier process left half done. */
  public DirectoryObjectStore(Path root) {
    this.root = root;
    try {
      Files.createDirectories(root);
      try (var left = Files.newDirectoryStream(root, "*" + UNFINISHED)) {
        for (Path file : left) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  @Override
  public void put(String key, byte[] bytes) {
    Path file = file(key);
    if (bytes.length > MAX_OBJECT_BYTES) {
      throw new IllegalArgumentException(
          "an object has at most %d bytes, and this one %d"
              .formatted(MAX_OBJECT_BYTES, bytes.length));
    }
    try {
      Path temporary = root.resolve(unfinished.incrementAndGet() + UNFINISHED);
      try (FileChannel out = FileChannel.open(temporary, CREATE_NEW, WRITE)) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
          out.write(left);
        }
        out.force(true);
      }
      Path directory = Files.createDirectories(parent(file));
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      sync(directory);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /** A name is on the disk when its directory is. */
  private static void sync(Path directory) throws IOException {
    try (FileChannel open = FileChannel.open(directory)) {
      open.force(true);
    }
  }

  @Override
  public Optional<byte[]> get(String key) {
    try {
      return Optional.of(Files.readAllBytes(file(key)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  @Override
  public void remove(String key) {
    try {
      Files.deleteIfExists(file(key));
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private Path file(String key) {
    if (key.length() > MAX_KEY_CHARS || !KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "a key has 1 to %d letters, digits, _ and -, with / between: '%s'"
              .formatted(MAX_KEY_CHARS, key));
    }
    return root.resolve(key);
  }

  private Path parent(Path file) {
    Path parent = file.getParent();
    return parent == null ? root : parent;
  }

  private ParleyException unusable(IOException e) {
    return new ParleyException(ErrorCode.API, "the directory " + root + " cannot be used", e);
  }
}
