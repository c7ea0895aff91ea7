package io.parley.chat.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.parley.chat.BodyCipher;
import io.parley.chat.ChatLimits;
import io.parley.chat.ChatUser;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.embedded.DirectoryObjectStore;
import io.parley.embedded.SqliteDatabase;
import io.parley.embedded.rocks.RocksStores;
import io.parley.ports.conversation.MessageStore;
import io.parley.ports.log.EventLog;
import io.parley.testkit.FakeMessagesApi;
import io.parley.testkit.FakeModelPool;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * Chat on the embedded stores and a port of the loop-back address, with a model that a test plays.
 * It can be killed and started again on the same data. A cookie is the name of its user.
 */
final class ChatWorld implements AutoCloseable {
  static final JsonMapper JSON = new JsonMapper();

  private final Path directory;
  private final TimeSource time;
  private final HttpClient client = HttpClient.newHttpClient();
  private final FakeMessagesApi api = new FakeMessagesApi();
  private final AtomicInteger open = new AtomicInteger();
  private final UnaryOperator<MessageStore> messageStore;
  private final UnaryOperator<EventLog> eventLog;
  private Running running;

  private record Running(
      Vertx vertx,
      ExecutorService threads,
      SqliteDatabase database,
      RocksStores stores,
      ChatService chat,
      ChatHttp http,
      HttpServer server) {}

  ChatWorld(Path directory, TimeSource time) {
    this(directory, time, store -> store, log -> log);
  }

  ChatWorld(
      Path directory,
      TimeSource time,
      UnaryOperator<MessageStore> messageStore,
      UnaryOperator<EventLog> eventLog) {
    this.directory = directory;
    this.time = time;
    this.messageStore = messageStore;
    this.eventLog = eventLog;
    this.running = start();
  }

  private Running start() {
    Vertx vertx = Vertx.vertx();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    SqliteDatabase database = SqliteDatabase.open(directory.resolve("chat.db"), 2);
    RocksStores stores = RocksStores.open(directory.resolve("stores"), time);
    ChatService chat =
        new ChatService(
            new ChatService.Outside(
                database,
                messageStore.apply(stores.messageStore()),
                eventLog.apply(stores.eventLog()),
                stores.streamBuffers(),
                new DirectoryObjectStore(directory.resolve("objects")),
                api,
                new FakeModelPool(List.of(FakeModelPool.textModel("fake"))),
                "fake",
                BodyCipher.PLAIN,
                time,
                new Ulid(time, new SecureRandom()),
                threads,
                ChatLimits.DEFAULTS));
    chat.start();
    ChatHttp http =
        new ChatHttp(
            chat.routes(),
            user -> Optional.of(new Session(new ChatUser("org_1", user, false), "token")),
            threads,
            time,
            ChatLimits.DEFAULTS);
    var handler = http.on(vertx);
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  open.incrementAndGet();
                  handler.accept(request, open::decrementAndGet);
                })
            .listen(0, "127.0.0.1")
            .await();
    return new Running(vertx, threads, database, stores, chat, http, server);
  }

  FakeMessagesApi api() {
    return api;
  }

  ChatService chat() {
    return running.chat;
  }

  /**
   * Starts again on the same data, as after {@code kill -9}: what was being generated is gone
   * without a word.
   */
  void killAndStart() {
    api.forgetAll();
    stop();
    running = start();
  }

  private void stop() {
    running.vertx.close().await();
    running.threads.shutdownNow();
    running.stores.close();
    running.database.close();
  }

  /** Waits until no response is open, however it came to its end. */
  void awaitNothingOpen() throws InterruptedException {
    for (int left = 2_000; open.get() > 0 && left > 0; left--) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    if (open.get() > 0) {
      throw new AssertionError(open.get() + " responses are open");
    }
  }

  void drain() {
    running.http.drain();
  }

  String url() {
    return "http://127.0.0.1:" + running.server.actualPort() + ChatHttp.ROOT;
  }

  @Override
  public void close() {
    stop();
    client.close();
  }

  /** An answer to a request. */
  record Reply(int status, JsonNode json) {
    String text(String pointer) {
      return json.at(pointer).asText();
    }

    /** Status, type and message of an error. */
    String error() {
      return status + " " + text("/error/type") + " " + text("/error/message");
    }
  }

  /** A user's device. */
  Device device(String user) {
    return new Device(user);
  }

  final class Device {
    private final String user;

    private Device(String user) {
      this.user = user;
    }

    Reply get(String path) {
      return send("GET", path, "");
    }

    Reply post(String path, Object body) {
      return send("POST", path, json(body));
    }

    Reply send(String method, String path, String body) {
      try {
        HttpResponse<byte[]> response =
            client.send(
                request(path).method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        JsonNode json =
            response.body().length == 0 ? JSON.nullNode() : JSON.readTree(response.body());
        return new Reply(response.statusCode(), json);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private HttpRequest.Builder request(String path) {
      return HttpRequest.newBuilder(URI.create(url() + path))
          .header("cookie", "parley_session=" + user)
          .header("x-parley-csrf", "token");
    }

    /** A new conversation's id. */
    String conversation() {
      return post("/conversations", Map.of()).text("/id");
    }

    Reply say(String conversation, String clientId, long version, String parent, String text) {
      return post(
          "/conversations/" + conversation + "/messages", message(clientId, version, parent, text));
    }

    /** Follows a stream from an event id, or from its beginning for an empty one. */
    Events follow(String path, String lastEventId) {
      try {
        HttpRequest.Builder request = request(path).GET();
        if (!lastEventId.isEmpty()) {
          request.header("last-event-id", lastEventId);
        }
        HttpResponse<InputStream> response =
            client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        return new Events(response.body());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static Map<String, Object> message(String clientId, long version, String parent, String text) {
    Map<String, Object> body = new java.util.HashMap<>();
    body.put("client_id", clientId);
    body.put("version", version);
    body.put("parent_id", parent.isEmpty() ? null : parent);
    body.put("content", List.of(Map.of("type", "text", "text", text)));
    return body;
  }

  static String json(Object body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One server-sent event. */
  record Event(String name, String id, JsonNode data) {}

  /** A stream of events, as it is read. */
  static final class Events implements AutoCloseable {
    private final InputStream body;
    private final BufferedReader lines;

    Events(InputStream body) {
      this.body = body;
      this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /** The next event; empty when the stream is over. Waits for it. */
    Optional<Event> next() {
      String name = "";
      String id = "";
      String data = "";
      try {
        String line;
        while ((line = lines.readLine()) != null) {
          if (line.isEmpty() && !name.isEmpty()) {
            return Optional.of(new Event(name, id, JSON.readTree(data)));
          } else if (line.startsWith("event: ")) {
            name = line.substring(7);
          } else if (line.startsWith("id: ")) {
            id = line.substring(4);
          } else if (line.startsWith("data: ")) {
            data = line.substring(6);
          }
        }
        return Optional.empty();
      } catch (IOException e) {
        return Optional.empty(); // broken off
      }
    }

    /** All that comes until the stream ends. */
    List<Event> rest() {
      List<Event> all = new ArrayList<>();
      Optional<Event> next = next();
      while (next.isPresent()) {
        all.add(next.get());
        next = next();
      }
      return all;
    }

    @Override
    public void close() {
      try {
        body.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The text of all deltas. */
  static String text(List<Event> events) {
    StringBuilder text = new StringBuilder();
    events.stream()
        .filter(event -> event.name().equals("delta"))
        .forEach(event -> text.append(event.data().get("text").textValue()));
    return text.toString();
  }
}
