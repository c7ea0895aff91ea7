package io.parley.web;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Objects;

/** The paths below {@code /conversations}. Belongs to one event loop. */
final class StubConversations {
  private final StubChats chats;
  private final StubDevices devices;
  private final StubAnswers answers;
  private final StubShares shares;

  StubConversations(StubChats chats, StubDevices devices, StubAnswers answers, StubShares shares) {
    this.chats = chats;
    this.devices = devices;
    this.answers = answers;
    this.shares = shares;
  }

  void serve(StubCall call) {
    if (call.part(1).isEmpty()) {
      listOrCreate(call);
      return;
    }
    JsonObject conversation = chats.conversations.get(call.part(1));
    if (conversation == null) {
      call.refuse(404, "not_found_error", "there is no such conversation");
      return;
    }
    switch (call.part(2)) {
      case "messages" -> messages(call, conversation);
      case "share" -> shares.change(call, conversation);
      case "export" -> export(call, conversation);
      case "read" -> {
        conversation.put("read_id", call.json().getString("message_id"));
        call.done(204);
      }
      default -> one(call, conversation);
    }
  }

  private void listOrCreate(StubCall call) {
    if (call.reads()) {
      boolean archived = Boolean.parseBoolean(call.parameter("archived"));
      var data = new JsonArray();
      chats.conversations.values().stream()
          .filter(conversation -> conversation.getBoolean("archived") == archived)
          .forEach(data::add);
      call.reply(200, new JsonObject().put("data", data).put("has_more", false).putNull("next"));
    } else {
      JsonObject made = chats.create(call.json());
      devices.publish("conversation", made);
      call.reply(201, made);
    }
  }

  private void one(StubCall call, JsonObject conversation) {
    if (call.is(HttpMethod.PATCH)) {
      patch(call, conversation);
    } else if (call.is(HttpMethod.DELETE)) {
      chats.conversations.remove(call.part(1));
      devices.publish("deleted", new JsonObject().put("conversation_id", call.part(1)));
      call.done(204);
    } else {
      call.reply(200, conversation);
    }
  }

  private void patch(StubCall call, JsonObject conversation) {
    JsonObject wanted = call.json();
    if (stale(call, conversation, wanted)) {
      return;
    }
    wanted.remove("version");
    conversation.mergeIn(wanted);
    StubChats.written(conversation);
    devices.publish("conversation", conversation);
    call.reply(200, conversation);
  }

  private static boolean stale(StubCall call, JsonObject conversation, JsonObject wanted) {
    boolean stale = !wanted.getInteger("version").equals(conversation.getInteger("version"));
    if (stale) {
      var current = new JsonObject().put("current", conversation);
      call.refuse(409, "conflict_error", "version: there is a newer one", current);
    }
    return stale;
  }

  private static void export(StubCall call, JsonObject conversation) {
    boolean markdown = call.parameter("format").equals("markdown");
    String name = conversation.getString("id") + (markdown ? ".md" : ".json");
    call.request()
        .response()
        .putHeader("content-type", markdown ? "text/markdown" : "application/json")
        .putHeader("content-disposition", "attachment; filename=\"%s\"".formatted(name))
        .end(markdown ? "# " + conversation.getString("title") : conversation.encode());
  }

  private void messages(StubCall call, JsonObject conversation) {
    if (call.part(3).isEmpty() && call.reads()) {
      int limit = Integer.parseInt(call.parameter("limit"));
      String before = call.request().getParam("before");
      call.reply(200, chats.page(call.part(1), before, call.request().getParam("after"), limit));
    } else if (call.part(3).isEmpty()) {
      send(call, conversation);
    } else {
      JsonObject message = Objects.requireNonNull(chats.tree(call.part(1)).get(call.part(3)));
      switch (call.part(4)) {
        case "" -> call.reply(200, message);
        case "events" -> answers.follow(call, message);
        case "stop" -> {
          message.put("status", "stopped");
          call.done(202);
        }
        default -> answerAgain(call, conversation, message);
      }
    }
  }

  private void send(StubCall call, JsonObject conversation) {
    JsonObject wanted = call.json();
    if (repeats(call, wanted) || stale(call, conversation, wanted)) {
      return;
    }
    String id = conversation.getString("id");
    String parent = wanted.getString("parent_id");
    JsonObject sent = chats.add(id, parent, "user", wanted.getJsonArray("content"), "complete");
    devices.publishMessage(sent);
    JsonObject answering = chats.add(id, sent.getString("id"), "assistant", "", "streaming");
    String model = conversation.getString("model");
    if (model != null) {
      answering.put("model", model);
    }
    answers.write(conversation, answering);
    created(call, wanted, new JsonObject().put("message", sent), conversation, answering);
  }

  private void answerAgain(StubCall call, JsonObject conversation, JsonObject message) {
    JsonObject wanted = call.json();
    if (repeats(call, wanted) || stale(call, conversation, wanted)) {
      return;
    }
    boolean goesOn = call.part(4).equals("continue");
    JsonObject answering = message;
    if (!goesOn) {
      String parent = message.getString("parent_id");
      answering = chats.add(call.part(1), parent, "assistant", "", "streaming");
    }
    answers.write(conversation, answering);
    created(call, wanted, new JsonObject(), conversation, answering);
  }

  private boolean repeats(StubCall call, JsonObject wanted) {
    JsonObject before = chats.sent(wanted.getString("client_id"));
    if (before != null) {
      call.reply(200, before);
    }
    return before != null;
  }

  private void created(
      StubCall call,
      JsonObject wanted,
      JsonObject reply,
      JsonObject conversation,
      JsonObject answering) {
    reply.put("conversation", conversation).put("answer", answering);
    chats.remember(wanted.getString("client_id"), reply);
    call.reply(201, reply);
  }
}
