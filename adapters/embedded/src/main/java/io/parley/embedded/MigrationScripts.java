package io.parley.embedded;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** The migration scripts on the class path, as far as it takes to see that one has changed. */
final class MigrationScripts {
  private final ClassLoader classPath;
  private final String folder;
  private final Map<String, Long> checksums = new TreeMap<>();

  private MigrationScripts(ClassLoader classPath, String folder) {
    this.classPath = classPath;
    this.folder = folder;
  }

  /**
   * A number that two sets of scripts share only if they are the same, save for one case in 2³².
   *
   * @param salt whatever else decides what the scripts do
   */
  static int fingerprint(ClassLoader classPath, String folder, String salt) throws IOException {
    MigrationScripts scripts = new MigrationScripts(classPath, folder);
    scripts.scan();
    CRC32 crc = new CRC32();
    crc.update((salt + scripts.checksums).getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }

  private void scan() throws IOException {
    for (URL url : Collections.list(classPath.getResources(folder))) {
      if (url.openConnection() instanceof JarURLConnection connection) {
        scan(connection);
      } else {
        scan(Path.of(URI.create(url.toString())));
      }
    }
  }

  /** A jar holds the checksums of its files already. */
  private void scan(JarURLConnection connection) throws IOException {
    connection.setUseCaches(false);
    try (JarFile jar = connection.getJarFile()) {
      jar.stream()
          .filter(entry -> entry.getName().startsWith(folder + "/") && !entry.isDirectory())
          .forEach(entry -> checksums.put(entry.getName(), entry.getCrc()));
    }
  }

  private void scan(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        CRC32 crc = new CRC32();
        crc.update(Files.readAllBytes(file));
        checksums.put(folder + "/" + file.getFileName(), crc.getValue());
      }
    }
  }
}
