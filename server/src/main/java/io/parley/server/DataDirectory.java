package io.parley.server;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directory of everything that a server keeps, locked for as long as this is open. It is made
 * for its owner alone to read. The lock is the operating system's: it goes when the process goes,
 * however it ends.
 */
public final class DataDirectory implements AutoCloseable {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path directory;
  private final FileChannel lockFile;

  private DataDirectory(Path directory, FileChannel lockFile) {
    this.directory = directory;
    this.lockFile = lockFile;
  }

  /**
   * Makes the directory if it is not there, and locks it.
   *
   * @throws ParleyException CONFLICT if another server has it, INVALID_REQUEST if it cannot be made
   */
  public static DataDirectory open(Path directory) {
    try {
      Files.createDirectories(directory, OWNER_ONLY_DIRECTORY);
      FileChannel lockFile =
          FileChannel.open(directory.resolve("lock"), Set.of(CREATE, WRITE), OWNER_ONLY_FILE);
      if (tryLock(lockFile) == null) {
        lockFile.close();
        throw new ParleyException(
            ErrorCode.CONFLICT,
            "another server is using the data directory %s; stop it, or choose another with --data"
                .formatted(directory));
      }
      return new DataDirectory(directory, lockFile);
    } catch (IOException e) {
      throw new ParleyException(
          ErrorCode.INVALID_REQUEST,
          "the data directory %s cannot be used: %s".formatted(directory, e),
          e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel lockFile) throws IOException {
    try {
      return lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // a server in this very process has it
    }
  }

  /** The database file. */
  public Path database() {
    return databaseIn(directory);
  }

  /** The database file of a data directory that another may have open. */
  static Path databaseIn(Path directory) {
    return directory.resolve("parley.db");
  }

  /** The segments of the audit log, of a data directory that another may have open. */
  static Path auditIn(Path directory) {
    return directory.resolve("audit");
  }

  /** The keys of the audit log, if no other place was named. */
  static Path auditKeysIn(Path directory) {
    return directory.resolve("audit-keys");
  }

  /** The directory of messages, events and streams. */
  Path stores() {
    return directory.resolve("stores");
  }

  /** The directory of the search index. */
  Path searchIndex() {
    return directory.resolve("search");
  }

  /** The directory of large objects. */
  Path objects() {
    return directory.resolve("objects");
  }

  /** The directory itself. */
  Path path() {
    return directory;
  }

  /** Where {@link #writeDevKey} writes. */
  public Path devKey() {
    return directory.resolve("dev-key");
  }

  /**
   * Writes the first API key for its owner alone to read. The file has that mode from the moment
   * that it exists, and appears with its whole content or not at all.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  public void writeDevKey(String secret) {
    Path unfinished = directory.resolve("dev-key.new");
    try {
      Files.deleteIfExists(unfinished); // of a start that was cut short
      try (FileChannel file =
          FileChannel.open(unfinished, Set.of(CREATE_NEW, WRITE), OWNER_ONLY_FILE)) {
        ByteBuffer bytes = ByteBuffer.wrap((secret + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
        file.force(true);
      }
      Files.move(unfinished, devKey(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("the first API key cannot be written to " + devKey(), e);
    }
  }

  /** Gives the lock back. */
  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
