package io.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * What one device shows of one answer, over however many connections: it hangs up now and then, and
 * goes on where it was. Used by one thread at a time.
 */
final class AnswerViewer {
  /** More than any answer has pieces: whoever needs them all gets nowhere. */
  private static final int CONNECTIONS = 10_000;

  private final ChatDevice device;
  private final String path;
  private final String answerId;
  private final Random random;
  private final Runnable onDelta;
  private final StringBuilder text;
  private String lastId = "";
  private volatile String status = "";

  /**
   * @param begun what is shown already; empty for a new answer
   * @param onDelta is run when a piece has come
   */
  AnswerViewer(
      ChatDevice device,
      String conversationId,
      String answerId,
      String begun,
      Random random,
      Runnable onDelta) {
    this.device = device;
    this.answerId = answerId;
    this.path = "/conversations/%s/messages/%s/events".formatted(conversationId, answerId);
    this.random = random;
    this.onDelta = onDelta;
    this.text = new StringBuilder(begun);
    if (!begun.isEmpty()) {
      lastId = answerId + ":" + begun.length();
    }
  }

  String text() {
    return text.toString();
  }

  /** The status of the whole message; empty as long as it has not come. */
  String status() {
    return status;
  }

  boolean hasEnded() {
    return !status.isEmpty();
  }

  /** Follows the answer to its end, or until the server is gone. */
  void follow() {
    for (int i = 0; i < CONNECTIONS && !hasEnded(); i++) {
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(device.events(path, lastId), StandardCharsets.UTF_8))) {
        read(lines);
      } catch (IOException e) {
        return; // the server is gone; with the next one it goes on
      }
    }
    assertThat(status).as("an answer comes to its end").isNotEmpty();
  }

  /** Reads until the stream ends, breaks, or is hung up on. */
  private void read(BufferedReader lines) throws IOException {
    String name = "";
    String id = "";
    String data = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("event: ")) {
        name = line.substring(7);
      } else if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("data: ")) {
        data = line.substring(6);
      } else if (line.isEmpty() && !name.isEmpty()) {
        take(name, id, data);
        name = "";
        if (hasEnded() || random.nextInt(4) == 0) {
          return;
        }
      }
    }
  }

  private void take(String name, String id, String data) throws IOException {
    assertThat(name).as(data).isIn("delta", "message");
    JsonNode json = ChatDevice.JSON.readTree(data);
    if (name.equals("delta")) {
      text.append(json.get("text").asText());
    }
    lastId = id;
    assertThat(id).as("where the text is").isEqualTo(answerId + ":" + text.length());
    if (name.equals("message")) {
      assertThat(json.at("/content/0/text").asText()).isEqualTo(text.toString());
      status = json.get("status").asText();
    } else {
      onDelta.run();
    }
  }
}
