package io.parley.web;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A library that pages use, out of a WebJar (a jar with the files of a package for browsers).
 * Served without its version in the path: the hash over all libraries stands in for it.
 *
 * @param name what modules import it by, and its folder
 * @param folder the WebJar's
 * @param files which of its files are served, by their path below the version
 * @param main the file that its bare name means
 * @param below the folder within the version that counts as the library's own; empty or with a
 *     slash at its end
 * @param epilogue added to the main file: what makes a module of a classic script
 */
record Library(
    String name, String folder, Pattern files, String main, String below, String epilogue) {

  static final List<Library> ALL =
      List.of(
          library("lit-html", "(directives/)?[a-z-]+\\.js", "lit-html.js", ""),
          library("marked", "lib/marked\\.esm\\.js", "marked.esm.js", "lib/"),
          library("dompurify", "dist/purify\\.es\\.mjs", "purify.es.mjs", "dist/"),
          library(
              "katex",
              "dist/(katex\\.mjs|katex\\.min\\.css|fonts/.*\\.woff2)",
              "katex.mjs",
              "dist/"),
          new Library(
              "highlight.js",
              "highlightjs",
              Pattern.compile("highlight\\.min\\.js"),
              "highlight.min.js",
              "",
              "\nexport default hljs;\n"));

  private static Library library(String name, String files, String main, String below) {
    return new Library(name, name, Pattern.compile(files), main, below, "");
  }

  /** Its files by their path in the folder of all libraries. */
  SortedMap<String, byte[]> read(ClassLoader loader) {
    var read = new TreeMap<String, byte[]>();
    ClassPathFolder.read(
            loader,
            "META-INF/resources/webjars/" + folder,
            path -> files.matcher(withoutVersion(path)).matches())
        .forEach(
            (path, content) -> {
              String own = withoutVersion(path).substring(below.length());
              read.put(name + '/' + own, own.equals(main) ? withEpilogue(content) : content);
            });
    if (!read.containsKey(name + '/' + main)) {
      throw new IllegalStateException("the WebJar of " + name + " has no file " + below + main);
    }
    return read;
  }

  private static String withoutVersion(String path) {
    return path.substring(path.indexOf('/') + 1);
  }

  private byte[] withEpilogue(byte[] content) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(content);
    bytes.writeBytes(epilogue.getBytes(StandardCharsets.UTF_8));
    return bytes.toByteArray();
  }
}
