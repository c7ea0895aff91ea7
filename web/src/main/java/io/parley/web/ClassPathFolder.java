package io.parley.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Reads a whole folder of the class path, be it in a jar or in a directory of the build. */
final class ClassPathFolder {
  private ClassPathFolder() {}

  /**
   * The files below a folder by their path in it, with slashes.
   *
   * @param wanted which of them are read, by that path
   * @throws IllegalStateException if the folder is not on the class path
   */
  static SortedMap<String, byte[]> read(
      ClassLoader loader, String folder, Predicate<String> wanted) {
    URL url = loader.getResource(folder);
    if (url == null) {
      throw new IllegalStateException("the class path has no folder " + folder);
    }
    try {
      if (url.openConnection() instanceof JarURLConnection jar) {
        Path file = Path.of(jar.getJarFileURL().toURI());
        try (FileSystem files = FileSystems.newFileSystem(file)) {
          return read(files.getPath(folder), wanted);
        }
      }
      return read(Path.of(url.toURI()), wanted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("not a place that files are read from: " + url, e);
    }
  }

  private static SortedMap<String, byte[]> read(Path folder, Predicate<String> wanted)
      throws IOException {
    var files = new TreeMap<String, byte[]>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
        String name = folder.relativize(path).toString().replace('\\', '/');
        if (wanted.test(name)) {
          files.put(name, Files.readAllBytes(path));
        }
      }
    }
    return files;
  }
}
