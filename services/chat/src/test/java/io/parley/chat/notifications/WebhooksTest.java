package io.parley.chat.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.parley.chat.BodyCipher;
import io.parley.chat.conversations.Message;
import io.parley.chat.users.User;
import io.parley.embedded.SqliteDatabase;
import io.parley.ports.data.Database;
import io.parley.testkit.VirtualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls of a receiver on the loop-back address. */
class WebhooksTest {
  private static final Notification ENDED = Told.of(Channel.WEBHOOK, Message.Status.PARTIAL);

  private record Call(String path, Headers headers, String body) {}

  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private final SecureRandom random = new SecureRandom();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private Database database;
  private WebhookSecrets secrets;
  private HttpServer receiver;
  private volatile int status = 200;

  @BeforeEach
  void start() throws IOException {
    database = SqliteDatabase.open(directory.resolve("test.db"), 1);
    secrets = new WebhookSecrets(database, BodyCipher.PLAIN, random);
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/", this::receive);
    receiver.start();
  }

  private void receive(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    calls.add(
        new Call(
            exchange.getRequestURI().toString(),
            exchange.getRequestHeaders(),
            new String(body, StandardCharsets.UTF_8)));
    exchange.getResponseHeaders().add("Location", url("/elsewhere"));
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  @AfterEach
  void stop() {
    receiver.stop(0);
    threads.close();
    database.close();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + receiver.getAddress().getPort() + path;
  }

  private Webhooks webhooks(boolean allowPrivate) {
    Destinations destinations = new Destinations(allowPrivate, InetAddress::getAllByName);
    SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
    return new Webhooks(secrets, new PinnedTransport(destinations, tls, threads), time, random);
  }

  private Carrier.Result carry(boolean allowPrivate) throws InterruptedException {
    User user = Told.user(false, false, url("/hook?for=ada"));
    return webhooks(allowPrivate).carry(ENDED, user);
  }

  @Test
  void callsWithIdsAndASignatureThatCanBeChecked() throws Exception {
    String secret = secrets.make("usr_1", url("/hook?for=ada")).orElseThrow();
    assertThat(carry(true)).isEqualTo(Carrier.Result.DELIVERED);
    assertThat(calls).hasSize(1);
    Call call = calls.getFirst();
    assertThat(call.path()).isEqualTo("/hook?for=ada");
    JsonNode body = new JsonMapper().readTree(call.body());
    assertThat(body)
        .hasToString(
            "{\"id\":\"ntf_1\",\"conversation_id\":\"conv_1\",\"message_id\":\"cmsg_1\","
                + "\"status\":\"partial\",\"time\":\"2026-01-01T00:00:00.123Z\"}");
    long seconds = time.now().getEpochSecond();
    byte[] signed = call.body().getBytes(StandardCharsets.UTF_8);
    assertThat(call.headers().getFirst("parley-signature"))
        .isEqualTo("t=" + seconds + ",v1=" + Webhooks.signature(secret, seconds, signed));
    assertThat(call.headers().getFirst("idempotency-key")).isEqualTo("ntf_1");
    assertThat(call.headers().getFirst("content-type")).isEqualTo("application/json");
  }

  /** The expected value was computed with OpenSSL. */
  @Test
  void signsByHmacSha256() {
    assertThat(Webhooks.signature("Jefe", 1, "x".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo("2f7ccbd0f043456ad29514b2d24a8aa345ec6673a5db1b44e91c8ac99d1841e3");
  }

  @Test
  void followsNoRedirect() throws Exception {
    secrets.make("usr_1", url("/hook?for=ada"));
    status = 302;
    assertThat(carry(true)).isEqualTo(Carrier.Result.LATER);
    assertThat(calls).extracting(Call::path).containsExactly("/hook?for=ada");
  }

  @Test
  void goneIsForEverAndOtherRefusalsAreNot() throws Exception {
    secrets.make("usr_1", url("/hook?for=ada"));
    status = 410;
    assertThat(carry(true)).isEqualTo(Carrier.Result.NEVER);
    status = 404;
    assertThat(carry(true)).isEqualTo(Carrier.Result.LATER);
    receiver.stop(0);
    assertThat(carry(true)).isEqualTo(Carrier.Result.LATER);
  }

  @Test
  void anAddressInsideIsNotCalledEvenIfItWasChosen() throws Exception {
    secrets.make("usr_1", url("/hook?for=ada"));
    assertThat(carry(false)).isEqualTo(Carrier.Result.LATER);
    assertThat(calls).isEmpty();
  }

  @Test
  void nothingIsSignedWithASecretOfAnotherAddress() throws Exception {
    secrets.make("usr_1", url("/other"));
    assertThat(carry(true)).isEqualTo(Carrier.Result.NEVER);
    assertThat(calls).isEmpty();
  }
}
