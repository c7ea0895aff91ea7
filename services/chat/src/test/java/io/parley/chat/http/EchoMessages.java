package io.parley.chat.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.parley.ports.messages.AnswerEvent;
import io.parley.ports.messages.AnswerListener;
import io.parley.ports.messages.AnswerRequest;
import io.parley.ports.messages.MessagesApi;
import io.parley.ports.messages.RunningAnswer;
import io.parley.ports.model.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Answers at once with what was asked, and refuses what says that it is terrible. */
final class EchoMessages implements MessagesApi {
  private static final JsonMapper JSON = new JsonMapper();

  private final Usage usage;

  EchoMessages(Usage usage) {
    this.usage = usage;
  }

  @Override
  public RunningAnswer start(AnswerRequest request, AnswerListener listener) {
    String asked = lastText(request.body());
    listener.on(new AnswerEvent.Started("msg_1", "fake"));
    if (request.urgency() == AnswerRequest.Urgency.BACKGROUND) {
      listener.on(new AnswerEvent.Text("Small talk", usage));
      listener.on(new AnswerEvent.Completed("end_turn", null, usage));
    } else if (asked.contains("terrible")) {
      listener.on(new AnswerEvent.Completed("refusal", "violence", usage));
    } else {
      listener.on(new AnswerEvent.Text("You said: " + asked, usage));
      listener.on(new AnswerEvent.Completed("end_turn", null, usage));
    }
    return () -> {};
  }

  @Override
  public int countTokens(byte[] body) {
    return 1;
  }

  private static String lastText(byte[] body) {
    try {
      JsonNode messages = JSON.readTree(body).at("/messages");
      JsonNode content = messages.get(messages.size() - 1).get("content");
      return content.isTextual() ? content.textValue() : content.at("/0/text").textValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
