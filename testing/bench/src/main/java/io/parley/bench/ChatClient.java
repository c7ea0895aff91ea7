package io.parley.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.chat.users.SignedIn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;

/** One who chats, over one connection. One thread. */
final class ChatClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SignedIn user;
  private final HttpConnection connection;

  ChatClient(int port, SignedIn user) throws IOException {
    this.user = user;
    this.connection = new HttpConnection(port);
  }

  /** A whole request for something to read. */
  static byte[] get(SignedIn user, String path) {
    return "GET /chat/v1%s HTTP/1.1\r\nhost: localhost\r\ncookie: parley_session=%s\r\n\r\n"
        .formatted(path, user.session().secret())
        .getBytes(ISO_8859_1);
  }

  JsonNode get(String path) throws IOException {
    return JSON.readTree(read(get(user, path)));
  }

  /** Reads an answer's events; each piece of them is given as it comes. */
  void events(String path, Consumer<byte[]> piece) throws IOException {
    check(connection.exchange(get(user, path), piece), path);
  }

  JsonNode post(String path, String json) throws IOException {
    Map<String, String> headers =
        Map.of(
            "cookie",
            "parley_session=" + user.session().secret(),
            "x-parley-csrf",
            user.session().csrf());
    return JSON.readTree(read(HttpConnection.post("/chat/v1" + path, headers, json)));
  }

  /** A new conversation, with a title, so that the model is not asked for one; its id. */
  String conversation() throws IOException {
    return post("/conversations", "{\"title\":\"bench\"}").get("id").asText();
  }

  /** Sends the first message of a conversation; the path of its answer. */
  String send(String conversation) throws IOException {
    String path = "/conversations/" + conversation + "/messages";
    JsonNode sent =
        post(
            path,
            "{\"client_id\":\"c\",\"version\":1,\"parent_id\":null,"
                + "\"content\":[{\"type\":\"text\",\"text\":\"hi\"}]}");
    return path + "/" + sent.at("/answer/id").asText();
  }

  private byte[] read(byte[] request) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int status = connection.exchange(request, body::writeBytes);
    check(status, body.toString(UTF_8));
    return body.toByteArray();
  }

  private static void check(int status, String what) throws IOException {
    if (status >= 300) {
      throw new IOException("status " + status + ": " + what);
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
