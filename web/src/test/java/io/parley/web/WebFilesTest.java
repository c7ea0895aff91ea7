package io.parley.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebFilesTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final AtomicInteger OVER = new AtomicInteger();
  private static int port;

  @BeforeAll
  static void serve() {
    var files = WebFiles.handler(VERTX);
    HttpServer server =
        VERTX
            .createHttpServer()
            .requestHandler(request -> files.accept(request, OVER::incrementAndGet));
    port = server.listen(0).await().actualPort();
  }

  @AfterAll
  static void close() {
    VERTX.close().await();
    CLIENT.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/sign-in", "/c/conv_01ARZ3NDEKTSV4RRFFQ69G5FAV", "/share/abc-DEF_1"})
  void theChatAppIsAtEachOfItsPaths(String path) throws Exception {
    var response = get(path);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
    assertThat(text(response)).contains("<div id=\"app\">").doesNotContain("{{");
    assertThat(WebFiles.takes(path)).isTrue();
  }

  @Test
  void everythingThatThePageNamesIsThere() throws Exception {
    for (String address : addresses(text(get("/")))) {
      assertThat(get(address).statusCode()).as(address).isEqualTo(200);
    }
  }

  @Test
  void everyModuleThatAModuleImportsIsThere() throws Exception {
    Pattern relative = Pattern.compile("(?:from|import)\\(?\\s*'(\\.[^']+)'");
    for (String address : addresses(text(get("/")))) {
      Matcher imports = relative.matcher(address.endsWith(".js") ? text(get(address)) : "");
      while (imports.find()) {
        URI module = URI.create(address).resolve(imports.group(1));
        assertThat(get(module.toString()).statusCode()).as(address + " → " + module).isEqualTo(200);
      }
    }
  }

  @Test
  void thePolicyAllowsTheInlineImportMapByItsHashAndNothingElseInline() throws Exception {
    var response = get("/");
    Matcher inline =
        Pattern.compile("<script type=\"importmap\">(.*?)</script>").matcher(text(response));
    assertThat(inline.find()).isTrue();
    assertThat(response.headers().firstValue("content-security-policy").orElseThrow())
        .startsWith("default-src 'none'")
        .contains("'" + Hash.ofInline(inline.group(1)) + "'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe", "http:", "https:", "*");
  }

  @Test
  void noFileOfOursRefersToAnotherHost() throws Exception {
    for (String address : addresses(text(get("/")))) {
      if (address.contains("/app-")) {
        assertThat(text(get(address)).replace("http://www.w3.org/2000/svg", ""))
            .as(address)
            .doesNotContainPattern("(src|href|url\\(|import|fetch\\()[^\\n]{0,12}https?://");
      }
    }
  }

  @Test
  void filesWithAHashInTheirAddressAreKeptForEverAndOthersAreAskedForAgain() throws Exception {
    List<String> addresses = addresses(text(get("/")));
    assertThat(addresses)
        .allSatisfy(address -> assertThat(cacheControl(get(address))).contains("immutable"));
    assertThat(cacheControl(get("/"))).isEqualTo("no-cache");
    assertThat(cacheControl(get("/assets/parley.css"))).isEqualTo("no-cache");
  }

  @Test
  void whatTheClientHasIsNotSentAgain() throws Exception {
    String tag = get("/").headers().firstValue("etag").orElseThrow();
    for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
      var response = send(request("/").header("if-none-match", known));
      assertThat(response.statusCode()).as(known).isEqualTo(304);
      assertThat(response.body()).isEmpty();
    }
    assertThat(send(request("/").header("if-none-match", "\"other\"")).statusCode()).isEqualTo(200);
  }

  @Test
  void aClientThatTakesGzipGetsTheSameContentInFewerBytes() throws Exception {
    byte[] plain = get("/assets/parley.css").body();
    for (String accepted : List.of("gzip", "br;q=1.0, gzip;q=0.8", "deflate,gzip")) {
      var response = send(request("/assets/parley.css").header("accept-encoding", accepted));
      assertThat(response.headers().firstValue("content-encoding")).hasValue("gzip");
      assertThat(response.body().length).isLessThan(plain.length);
      try (var gzip = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
        assertThat(gzip.readAllBytes()).isEqualTo(plain);
      }
    }
    for (String refused : List.of("identity", "gzip;q=0", "gzip;q=0.0, br", "xgzip")) {
      var response = send(request("/assets/parley.css").header("accept-encoding", refused));
      assertThat(response.headers().firstValue("content-encoding")).as(refused).isEmpty();
    }
  }

  @Test
  void headGivesTheLengthWithoutTheBody() throws Exception {
    var response = send(request("/").method("HEAD", BodyPublishers.noBody()));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(response.headers().firstValueAsLong("content-length"))
        .hasValue(get("/").body().length);
  }

  @Test
  void nothingButReadingIsAllowed() throws Exception {
    var response = send(request("/").POST(BodyPublishers.ofString("x")));
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("allow")).hasValue("GET, HEAD");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets/",
        "/assets/nothing.js",
        "/assets/../index.html",
        "/assets/..%2fWebFiles.class",
        "/assets/%2e%2e/WebFiles.class",
        "/assets/..\\WebFiles.class",
        "/assets//etc/passwd",
        "/assets/chat/../../WebFiles.class",
        "/assets/chat/main.js%00.css",
        "/assets/chat/main.js/",
        "/assets/CHAT/main.js",
        "/assets/lib-0000000000000000/lit-html/lit-html.js",
        "/assets/META-INF/resources/webjars/lit-html/3.3.2/lit-html.js",
        "/c/",
        "/c/a/b",
        "/c/..",
        "/share/%2e%2e",
        "/index.html"
      })
  void whatIsNotAFileOfThePagesDoesNotExist(String path) throws Exception {
    assertThat(rawStatus(path)).isEqualTo(404);
  }

  @Test
  void otherPathsAreLeftToOthers() {
    for (String path :
        List.of("/v1/messages", "/chat/v1/me", "/metrics", "/c", "/assets", "/operators")) {
      assertThat(WebFiles.takes(path)).as(path).isFalse();
    }
  }

  @Test
  void theEndOfEachResponseIsTold() throws Exception {
    int before = OVER.get();
    get("/");
    get("/assets/nothing");
    assertThat(OVER.get()).isGreaterThanOrEqualTo(before + 1);
  }

  private static List<String> addresses(String page) {
    Matcher matcher =
        Pattern.compile("(?:href|src)=\"(/assets/[^\"]+)\"|\"(/assets/[^\"]+[^/\"])\"")
            .matcher(page);
    var found = new ArrayList<String>();
    while (matcher.find()) {
      found.add(Optional.ofNullable(matcher.group(1)).orElse(matcher.group(2)));
    }
    assertThat(found).hasSizeGreaterThan(20);
    return found;
  }

  /** Sends a path as it is: a client of the JDK would tidy it first. */
  private static int rawStatus(String path) throws IOException {
    try (var socket = new java.net.Socket("localhost", port)) {
      socket
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.ISO_8859_1));
      String reply =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return Integer.parseInt(reply.split(" ", 3)[1]);
    }
  }

  private static String cacheControl(HttpResponse<byte[]> response) {
    return response.headers().firstValue("cache-control").orElseThrow();
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
  }

  private static HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
  }
}
