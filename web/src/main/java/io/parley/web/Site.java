package io.parley.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * All files of the web pages, read from the class path. Own files are at {@code assets/app-HASH/…},
 * libraries at {@code assets/lib-HASH/…}: a hash is over all files of its kind, so that what refers
 * to its neighbours by relative addresses can be kept by browsers for ever. The same files are at
 * {@code assets/…} too, for whoever cannot know the hash.
 *
 * <p>Pages are templates. <code>{{assets}}</code> and <code>{{libraries}}</code> stand for those
 * addresses, <code>{{import-map}}</code> for what bare names mean in modules, and <code>
 * {{modules:FOLDER}}</code> for links that have the browser load all modules of a folder at once
 * instead of one import after the other.
 */
final class Site {
  private static final String ROOT = "io/parley/web";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z-]+)(?::([a-z]+))?}}");

  private final SortedMap<String, byte[]> own;
  private final String ownAddress;
  private final String librariesAddress;
  private final String importMap;
  private final Map<String, WebFile> assets = new HashMap<>();
  private final Map<String, WebFile> pages = new HashMap<>();

  private Site(SortedMap<String, byte[]> own, SortedMap<String, byte[]> libraries) {
    this.own = own;
    this.ownAddress = "assets/app-" + Hash.ofFolder(own);
    this.librariesAddress = "assets/lib-" + Hash.ofFolder(libraries);
    this.importMap = importMap(librariesAddress);
    own.forEach(
        (name, content) -> {
          WebFile file = WebFile.of(name, content, WebFile.FOR_EVER);
          assets.put(ownAddress + '/' + name, file);
          assets.put("assets/" + name, file.cached(WebFile.ASK_AGAIN));
        });
    libraries.forEach(
        (name, content) ->
            assets.put(librariesAddress + '/' + name, WebFile.of(name, content, WebFile.FOR_EVER)));
  }

  /** Reads everything; takes some 100 ms. */
  static Site read(ClassLoader loader) {
    var libraries = new TreeMap<String, byte[]>();
    Library.ALL.forEach(library -> libraries.putAll(library.read(loader)));
    var site =
        new Site(ClassPathFolder.read(loader, ROOT + "/assets", WebFile::isServed), libraries);
    ClassPathFolder.read(loader, ROOT + "/pages", name -> name.endsWith(".html"))
        .forEach(
            (name, content) -> site.pages.put(name, site.page(new String(content, UTF_8), name)));
    return site;
  }

  /** A page by the path of its template. */
  Optional<WebFile> page(String name) {
    return Optional.ofNullable(pages.get(name));
  }

  /** A file by its address without the slash at the start. */
  Optional<WebFile> asset(String address) {
    return Optional.ofNullable(assets.get(address));
  }

  /**
   * What a browser may do on these pages: load from this server and from nowhere else. No script or
   * style stands in a page but the import map, which the hash names; text becomes elements only
   * through the template engine and the sanitiser.
   */
  String policy() {
    return String.join(
        "; ",
        "default-src 'none'",
        "script-src 'self' '" + Hash.ofInline(importMap) + "'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types lit-html dompurify");
  }

  private static String importMap(String libraries) {
    return Library.ALL.stream()
        .map(
            library -> {
              String folder = '/' + libraries + '/' + library.name() + '/';
              return "\"%s\":\"%s\",\"%s/\":\"%s\""
                  .formatted(library.name(), folder + library.main(), library.name(), folder);
            })
        .collect(Collectors.joining(",", "{\"imports\":{", "}}"));
  }

  private WebFile page(String template, String name) {
    String text = PLACEHOLDER.matcher(template).replaceAll(this::value);
    return WebFile.of(name, text.getBytes(UTF_8), WebFile.ASK_AGAIN);
  }

  private String value(MatchResult placeholder) {
    return switch (placeholder.group(1)) {
      case "assets" -> '/' + ownAddress;
      case "libraries" -> '/' + librariesAddress;
      case "import-map" -> importMap;
      case "modules" -> preloads(placeholder.group(2) + '/');
      default -> throw new IllegalStateException("no such placeholder: " + placeholder.group());
    };
  }

  private String preloads(String folder) {
    return own.keySet().stream()
        .filter(name -> name.startsWith(folder) && name.endsWith(".js"))
        .map(name -> "<link rel=\"modulepreload\" href=\"/" + ownAddress + '/' + name + "\">")
        .collect(Collectors.joining("\n  "));
  }
}
