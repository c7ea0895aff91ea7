package io.parley.model.kernel.onednn;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The shared libraries in the jar of {@code org.bytedeco:dnnl}, unpacked to a directory of this
 * user that is kept from one start to the next: a linker wants files, and 93 MB are a while to
 * write.
 */
final class BundledLibraries {
  /** Named in full, so that another release never finds the files of this one. */
  static final String RELEASE = "onednn-3.13-1.5.14";

  private static final String FOLDER = "/org/bytedeco/dnnl/linux-x86_64/";
  private static final List<String> FILES = List.of("libgomp.so.1", "libdnnl.so.3");

  private BundledLibraries() {}

  /**
   * The directory with the libraries, which it fills if need be.
   *
   * @param cache a directory of this user's; made if it is not there, readable for nobody else
   * @throws NativeCodeException if the jar is not on the class path
   * @throws IOException if the files cannot be written
   */
  static Path unpack(Path cache) throws IOException {
    Path directory = cache.resolve(RELEASE);
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    for (String name : FILES) {
      unpack(name, directory.resolve(name));
    }
    return directory;
  }

  /** Moves a file into place when it is whole: other processes may start at the same time. */
  private static void unpack(String name, Path file) throws IOException {
    var resource = BundledLibraries.class.getResource(FOLDER + name);
    if (resource == null) {
      throw new NativeCodeException("org.bytedeco:dnnl for linux-x86_64 is not on the class path");
    }
    if (Files.exists(file)
        && Files.size(file) == resource.openConnection().getContentLengthLong()) {
      return;
    }
    Path part = Files.createTempFile(file.getParent(), name, ".part");
    try (InputStream in = resource.openStream()) {
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
