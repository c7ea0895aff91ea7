package io.parley.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationScriptsTest {
  private static final String FOLDER = "db/migration";

  @TempDir Path directory;
  private Path scripts;

  @BeforeEach
  void writeOne() throws IOException {
    scripts = Files.createDirectories(directory.resolve("classes/" + FOLDER));
    Files.writeString(scripts.resolve("V1__a.sql"), "CREATE TABLE a (id INTEGER);");
  }

  @Test
  void isTheSameForTheSameScriptsInAFolderAndInAJar() throws IOException {
    int inFolder = fingerprint("");
    assertThat(fingerprint("")).isEqualTo(inFolder);
    Path jar = directory.resolve("a.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      out.putNextEntry(new JarEntry(FOLDER + "/"));
      out.putNextEntry(new JarEntry(FOLDER + "/V1__a.sql"));
      out.write(Files.readAllBytes(scripts.resolve("V1__a.sql")));
    }
    assertThat(fingerprint(jar, "")).isEqualTo(inFolder);
  }

  @Test
  void changesWithAScriptItsNameANewOneAndTheSalt() throws IOException {
    int before = fingerprint("");
    assertThat(fingerprint("salt")).isNotEqualTo(before);
    Files.writeString(scripts.resolve("V2__b.sql"), "CREATE TABLE b (id INTEGER);");
    int withTwo = fingerprint("");
    assertThat(withTwo).isNotEqualTo(before);
    Files.writeString(scripts.resolve("V2__b.sql"), "CREATE TABLE b (id TEXT);");
    int changed = fingerprint("");
    assertThat(changed).isNotEqualTo(withTwo);
    Files.move(scripts.resolve("V2__b.sql"), scripts.resolve("V3__b.sql"));
    assertThat(fingerprint("")).isNotEqualTo(changed);
  }

  private int fingerprint(String salt) throws IOException {
    return fingerprint(directory.resolve("classes"), salt);
  }

  private static int fingerprint(Path classPath, String salt) throws IOException {
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classPath.toUri().toURL()}, null)) {
      return MigrationScripts.fingerprint(loader, FOLDER, salt);
    }
  }
}
