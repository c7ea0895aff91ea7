package io.parley.web;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks the contract of the chat service, and lets tests say what happens: what an
 * answer is, how far it gets for now, and when the server dies. It has one user. All of it runs on
 * one event loop.
 */
final class ChatStub implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final BiConsumer<HttpServerRequest, Runnable> files = WebFiles.handler(vertx);
  private final StubChats chats = new StubChats();
  private final StubDevices devices = new StubDevices();
  private final StubAccounts accounts = new StubAccounts();
  private final StubImages images = new StubImages();
  private final StubShares shares = new StubShares(chats, images);
  private final StubAnswers answers = new StubAnswers(vertx, devices);
  private final StubConversations conversations =
      new StubConversations(chats, devices, answers, shares);
  private final Map<String, Integer> counts = new TreeMap<>();
  private @Nullable HttpServer server;
  private int port;

  ChatStub() {
    listen();
  }

  String url() {
    return "http://localhost:" + port;
  }

  /** What every answer says from now on. */
  void answers(String text) {
    run(() -> answers.text = text);
  }

  /** Lets answers come so far, in characters, and no further until {@link #release}. */
  void holdAt(int characters) {
    run(() -> answers.holdAt = characters);
  }

  void release() {
    holdAt(Integer.MAX_VALUE);
  }

  /** Changes who may come in. */
  void people(Consumer<StubAccounts> change) {
    run(
        () -> {
          change.accept(accounts);
          return 0;
        });
  }

  String seed(String title, int messages) {
    return run(() -> chats.seed(title, messages));
  }

  /** A conversation as the server has it. */
  JsonObject conversation(String id) {
    return run(() -> chats.conversation(id).copy());
  }

  /** All messages that the server has of a conversation, in the order of their making. */
  List<String> texts(String conversation) {
    return run(() -> chats.tree(conversation).values().stream().map(StubChats::text).toList());
  }

  /** How many requests there were whose path ends so. */
  int requests(String end) {
    return run(
        () ->
            counts.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(end))
                .mapToInt(Map.Entry::getValue)
                .sum());
  }

  /** Ends all connections and forgets what was under way: answers break off where they are. */
  void die() {
    run(
        () -> {
          chats.conversations.values().forEach(this::breakOff);
          answers.forgetViewers();
          devices.forget();
          return 0;
        });
    if (server != null) {
      server.close().await();
    }
  }

  private void breakOff(JsonObject conversation) {
    String answering = conversation.getString("answering_id");
    if (answering != null) {
      Objects.requireNonNull(chats.tree(conversation.getString("id")).get(answering))
          .put("status", "partial");
      conversation.putNull("answering_id");
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

  private void handle(HttpServerRequest request) {
    counts.merge(StubCall.path(request), 1, Integer::sum);
    if (!StubCall.path(request).startsWith(StubCall.API)) {
      files.accept(request, () -> {});
    } else {
      request.body().onSuccess(body -> serve(new StubCall(request, body)));
    }
  }

  private void serve(StubCall call) {
    if (accounts.serveAnybody(call)) {
      return;
    }
    switch (call.part(0)) {
      case "shared" -> shares.serve(call);
      case String path when !accounts.knows(call) ->
          call.refuse(401, "authentication_error", "You are not signed in any more");
      case String path when forged(call) ->
          call.refuse(403, "permission_error", "x-parley-csrf: is missing");
      case "me" -> accounts.me(call);
      case "logout" -> accounts.logout(call);
      case "models" -> call.reply(200, models());
      case "events" -> devices.follow(call);
      case "images" -> images.serve(call);
      case "search" -> call.reply(200, chats.search(call.parameter("q"), call.parameter("role")));
      case "conversations" -> conversations.serve(call);
      default -> call.refuse(404, "not_found_error", "No such path");
    }
  }

  private static boolean forged(StubCall call) {
    return !call.reads() && !"token".equals(call.request().getHeader("x-parley-csrf"));
  }

  private static JsonObject models() {
    var base = model("parley-base", 4096, true).put("default", true);
    var mini = model("parley-mini", 2048, false).put("default", false);
    return new JsonObject().put("data", new JsonArray().add(base).add(mini));
  }

  private static JsonObject model(String id, int contextTokens, boolean seesImages) {
    return new JsonObject()
        .put("id", id)
        .put("display_name", id)
        .put("context_tokens", contextTokens)
        .put("sees_images", seesImages);
  }
}
