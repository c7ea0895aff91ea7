package io.parley.web;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks the contract of the chat service, and lets tests say what happens: what an
 * answer is, how far it gets for now, and when the server dies. One user, no real session. All of
 * it runs on one event loop.
 */
final class ChatStub implements AutoCloseable {
  private static final String API = "/chat/v1";
  private static final int PIECE_CHARS = 5;
  private static final int PIECE_MS = 2;

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final BiConsumer<HttpServerRequest, Runnable> files = WebFiles.handler(vertx);
  private final StubChats chats = new StubChats();
  private final Map<String, Set<HttpServerResponse>> viewers = new HashMap<>();
  private final Set<HttpServerResponse> devices = new HashSet<>();
  private final List<JsonObject> events = new ArrayList<>();
  private final Map<String, Buffer> images = new HashMap<>();
  private @Nullable HttpServer server;
  private int port;
  private String answer = "An answer.";
  private int holdAt = Integer.MAX_VALUE;

  ChatStub() {
    listen();
  }

  String url() {
    return "http://localhost:" + port;
  }

  /** What every answer says from now on. */
  void answers(String text) {
    run(() -> answer = text);
  }

  /** Lets answers come so far, in characters, and no further until {@link #release}. */
  void holdAt(int characters) {
    run(() -> holdAt = characters);
  }

  void release() {
    holdAt(Integer.MAX_VALUE);
  }

  String seed(String title, int messages) {
    return run(() -> chats.seed(title, messages));
  }

  /** All messages that the server has of a conversation, in the order of their making. */
  List<String> texts(String conversation) {
    return run(() -> chats.tree(conversation).values().stream().map(StubChats::text).toList());
  }

  /** Ends all connections and forgets what was under way: answers break off where they are. */
  void die() {
    run(
        () -> {
          chats.conversations.values().forEach(this::breakOff);
          viewers.clear();
          devices.clear();
          return 0;
        });
    if (server != null) {
      server.close().await();
    }
  }

  private void breakOff(JsonObject conversation) {
    String answering = conversation.getString("answering_id");
    if (answering != null) {
      message(conversation, answering).put("status", "partial");
      conversation.putNull("answering_id").put("version", version(conversation) + 1);
    }
  }

  /** Comes up again on the same port. */
  void listen() {
    server = run(() -> vertx.createHttpServer().requestHandler(this::handle).listen(port)).await();
    port = server.actualPort();
  }

  @Override
  public void close() {
    vertx.close().await();
  }

  /** Runs on the event loop and waits for the result. */
  private <T> T run(Callable<T> task) {
    var result = new CompletableFuture<T>();
    loop.runOnContext(
        go -> {
          try {
            result.complete(task.call());
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    try {
      return result.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String path(HttpServerRequest request) {
    return Objects.requireNonNull(request.path());
  }

  private void handle(HttpServerRequest request) {
    if (!path(request).startsWith(API)) {
      files.accept(request, () -> {});
    } else {
      request.body().onSuccess(body -> serve(new Call(request, body)));
    }
  }

  /** One request; {@code part(0)} is what follows the base path. */
  private record Call(HttpServerRequest request, Buffer body) {
    String part(int index) {
      String[] parts = path(request).substring(API.length() + 1).split("/", -1);
      return index < parts.length ? parts[index] : "";
    }

    boolean reads() {
      return request.method().equals(HttpMethod.GET);
    }

    JsonObject json() {
      return body.length() == 0 ? new JsonObject() : body.toJsonObject();
    }

    void reply(int status, JsonObject reply) {
      request
          .response()
          .setStatusCode(status)
          .putHeader("content-type", "application/json")
          .end(reply.encode());
    }

    void done(int status) {
      request.response().setStatusCode(status).end();
    }

    void refuse(int status, String type, JsonObject more) {
      JsonObject error =
          new JsonObject().put("type", type).put("message", "Refused: " + type + ".");
      reply(status, new JsonObject().put("type", "error").put("error", error).mergeIn(more));
    }

    HttpServerResponse stream() {
      HttpServerResponse response = request.response().setChunked(true);
      response
          .putHeader("content-type", "text/event-stream")
          .putHeader("cache-control", "no-store");
      return response;
    }
  }

  private void serve(Call call) {
    boolean known = String.valueOf(call.request().getHeader("cookie")).contains("parley_session=1");
    switch (call.part(0)) {
      case "sign-in" -> call.reply(200, waysIn());
      case "guest", "login", "sign-up" -> signIn(call);
      case String open when !known -> call.refuse(401, "authentication_error", new JsonObject());
      case String unsafe when forged(call) ->
          call.refuse(403, "permission_error", new JsonObject());
      case "me" -> call.reply(200, session());
      case "models" -> call.reply(200, models());
      case "events" -> userEvents(call);
      case "images" -> images(call);
      case "search" -> call.reply(200, chats.search(call.request().getParam("q", "")));
      case "conversations" -> conversations(call);
      default -> call.refuse(404, "not_found_error", new JsonObject());
    }
  }

  private static boolean forged(Call call) {
    return !call.reads() && !"token".equals(call.request().getHeader("x-parley-csrf"));
  }

  private static JsonObject waysIn() {
    return new JsonObject()
        .put("password", true)
        .put("sign_up", true)
        .put("guests", true)
        .put("oidc", new JsonArray());
  }

  private static void signIn(Call call) {
    call.request().response().putHeader("set-cookie", "parley_session=1; HttpOnly; Path=/");
    call.reply(201, session());
  }

  private static JsonObject session() {
    var notify = new JsonObject().put("mail", false).putNull("webhook");
    var user = new JsonObject().put("id", "usr_1").put("name", "Guest").put("guest", true);
    return new JsonObject()
        .put("user", user.putNull("email").put("notify", notify))
        .put("csrf_token", "token")
        .put("organisation", new JsonObject().put("id", "org_1").put("name", "Example"))
        .putNull("quota")
        .put("notify", new JsonObject().put("mail", false).put("webhook", true));
  }

  private static JsonObject models() {
    var base = new JsonObject().put("id", "parley-base").put("display_name", "Parley Base");
    var mini = new JsonObject().put("id", "parley-mini").put("display_name", "Parley Mini");
    return new JsonObject()
        .put(
            "data",
            new JsonArray()
                .add(base.put("context_tokens", 4096).put("sees_images", true).put("default", true))
                .add(
                    mini.put("context_tokens", 2048)
                        .put("sees_images", false)
                        .put("default", false)));
  }

  private void images(Call call) {
    if (call.reads()) {
      call.request()
          .response()
          .putHeader("content-type", "image/png")
          .end(images.get(call.part(1)));
      return;
    }
    String id = "img_" + images.size();
    images.put(id, call.body());
    var image = new JsonObject().put("image_id", id).put("media_type", "image/png");
    call.reply(201, image.put("width", 1).put("height", 1));
  }

  private void conversations(Call call) {
    if (call.part(1).isEmpty()) {
      listOrCreate(call);
      return;
    }
    JsonObject conversation = chats.conversations.get(call.part(1));
    if (conversation == null) {
      call.refuse(404, "not_found_error", new JsonObject());
    } else if (call.part(2).equals("messages")) {
      messages(call, conversation);
    } else if (call.part(2).equals("read")) {
      conversation.put("read_id", call.json().getString("message_id"));
      call.done(204);
    } else if (call.request().method().equals(HttpMethod.PATCH)) {
      patch(call, conversation);
    } else if (call.request().method().equals(HttpMethod.DELETE)) {
      chats.conversations.remove(call.part(1));
      publish("deleted", new JsonObject().put("conversation_id", call.part(1)));
      call.done(204);
    } else {
      call.reply(200, conversation);
    }
  }

  private void listOrCreate(Call call) {
    if (call.reads()) {
      boolean archived = Boolean.parseBoolean(call.request().getParam("archived"));
      var data = new JsonArray();
      chats.conversations.values().stream()
          .filter(conversation -> conversation.getBoolean("archived") == archived)
          .forEach(data::add);
      call.reply(200, new JsonObject().put("data", data).put("has_more", false).putNull("next"));
    } else {
      JsonObject made = chats.create(call.json());
      publish("conversation", made);
      call.reply(201, made);
    }
  }

  private void patch(Call call, JsonObject conversation) {
    JsonObject wanted = call.json();
    if (stale(call, conversation, wanted)) {
      return;
    }
    wanted.remove("version");
    conversation.mergeIn(wanted);
    changed(conversation);
    call.reply(200, conversation);
  }

  private static boolean stale(Call call, JsonObject conversation, JsonObject wanted) {
    boolean stale = wanted.getInteger("version") != version(conversation);
    if (stale) {
      call.refuse(409, "conflict_error", new JsonObject().put("current", conversation));
    }
    return stale;
  }

  private static int version(JsonObject conversation) {
    return conversation.getInteger("version");
  }

  private void changed(JsonObject conversation) {
    conversation.put("version", version(conversation) + 1);
    publish("conversation", conversation);
  }

  private JsonObject message(JsonObject conversation, String id) {
    return Objects.requireNonNull(chats.tree(conversation.getString("id")).get(id));
  }

  private void messages(Call call, JsonObject conversation) {
    HttpServerRequest request = call.request();
    if (call.part(3).isEmpty() && call.reads()) {
      int limit = Integer.parseInt(request.getParam("limit"));
      call.reply(
          200,
          chats.page(call.part(1), request.getParam("before"), request.getParam("after"), limit));
    } else if (call.part(3).isEmpty()) {
      send(call, conversation);
    } else {
      JsonObject message = message(conversation, call.part(3));
      switch (call.part(4)) {
        case "" -> call.reply(200, message);
        case "events" -> answerEvents(call, message);
        case "stop" -> {
          message.put("status", "stopped");
          call.done(202);
        }
        default -> answerAgain(call, conversation, message);
      }
    }
  }

  private void send(Call call, JsonObject conversation) {
    JsonObject wanted = call.json();
    JsonObject before = chats.sent(wanted.getString("client_id"));
    if (before != null) {
      call.reply(200, before);
      return;
    }
    if (stale(call, conversation, wanted)) {
      return;
    }
    String id = conversation.getString("id");
    JsonObject sent =
        chats.add(
            id, wanted.getString("parent_id"), "user", wanted.getJsonArray("content"), "complete");
    publishMessage(sent);
    JsonObject answering = chats.add(id, sent.getString("id"), "assistant", "", "streaming");
    generate(conversation, answering);
    JsonObject reply =
        new JsonObject()
            .put("conversation", conversation)
            .put("message", sent)
            .put("answer", answering);
    chats.remember(wanted.getString("client_id"), reply);
    call.reply(201, reply);
  }

  private void answerAgain(Call call, JsonObject conversation, JsonObject message) {
    if (stale(call, conversation, call.json())) {
      return;
    }
    boolean goesOn = call.part(4).equals("continue");
    JsonObject answering = message;
    if (!goesOn) {
      String parent = message.getString("parent_id");
      answering = chats.add(call.part(1), parent, "assistant", "", "streaming");
    }
    generate(conversation, answering);
    call.reply(201, new JsonObject().put("conversation", conversation).put("answer", answering));
  }

  private void generate(JsonObject conversation, JsonObject message) {
    String id = message.getString("id");
    message.put("status", "streaming");
    conversation.put("answering_id", id).put("head_id", id);
    changed(conversation);
    publishMessage(message);
    String text = answer;
    vertx.setPeriodic(
        PIECE_MS,
        timer -> {
          int written = StubChats.text(message).length();
          String status = message.getString("status");
          if (status.equals("partial")) {
            vertx.cancelTimer(timer);
          } else if (status.equals("stopped") || written >= text.length()) {
            vertx.cancelTimer(timer);
            finish(conversation, message);
          } else if (written < holdAt) {
            write(message, text.substring(written, Math.min(written + PIECE_CHARS, text.length())));
          }
        });
  }

  private void write(JsonObject message, String piece) {
    StubChats.append(message, piece);
    toViewers(message, "delta", new JsonObject().put("text", piece));
  }

  private void finish(JsonObject conversation, JsonObject message) {
    if (message.getString("status").equals("streaming")) {
      message.put("status", "complete").put("stop_reason", "end_turn");
    }
    message.put("usage", new JsonObject().put("input_tokens", 3).put("output_tokens", 4));
    conversation.putNull("answering_id");
    toViewers(message, "message", message);
    viewers.getOrDefault(message.getString("id"), Set.of()).forEach(HttpServerResponse::end);
    viewers.remove(message.getString("id"));
    publishMessage(message);
    changed(conversation);
  }

  private void toViewers(JsonObject message, String type, JsonObject data) {
    String id = message.getString("id");
    String event = event(id + ":" + StubChats.text(message).length(), type, data);
    viewers.getOrDefault(id, Set.of()).forEach(viewer -> viewer.write(event));
  }

  private void answerEvents(Call call, JsonObject message) {
    String id = message.getString("id");
    String text = StubChats.text(message);
    String position = call.request().getHeader("last-event-id");
    int offset =
        position == null ? 0 : Integer.parseInt(position.substring(position.indexOf(':') + 1));
    HttpServerResponse response = call.stream();
    if (offset > text.length()) {
      response.end(event("", "gap", new JsonObject().put("message", "not kept")));
      return;
    }
    String end = id + ":" + text.length();
    if (offset < text.length()) {
      response.write(event(end, "delta", new JsonObject().put("text", text.substring(offset))));
    }
    if (message.getString("status").equals("streaming")) {
      viewers.computeIfAbsent(id, key -> new HashSet<>()).add(response);
      response.closeHandler(gone -> viewers.getOrDefault(id, new HashSet<>()).remove(response));
    } else {
      response.end(event(end, "message", message));
    }
  }

  private void userEvents(Call call) {
    String position = call.request().getHeader("last-event-id");
    int from = position == null ? events.size() : Integer.parseInt(position);
    HttpServerResponse response = call.stream();
    response.write(event("", "ready", new JsonObject().put("position", from)));
    for (int i = from; i < events.size(); i++) {
      response.write(userEvent(i));
    }
    devices.add(response);
    response.closeHandler(gone -> devices.remove(response));
  }

  private void publishMessage(JsonObject message) {
    String id = message.getString("conversation_id");
    publish("message", new JsonObject().put("conversation_id", id).put("message", message));
  }

  private void publish(String type, JsonObject data) {
    events.add(new JsonObject().put("type", type).put("data", data.copy()));
    devices.forEach(device -> device.write(userEvent(events.size() - 1)));
  }

  private String userEvent(int index) {
    JsonObject event = events.get(index);
    return event(Integer.toString(index + 1), event.getString("type"), event.getJsonObject("data"));
  }

  private static String event(String id, String type, JsonObject data) {
    return (id.isEmpty() ? "" : "id: " + id + "\n")
        + "event: "
        + type
        + "\ndata: "
        + data.encode()
        + "\n\n";
  }
}
