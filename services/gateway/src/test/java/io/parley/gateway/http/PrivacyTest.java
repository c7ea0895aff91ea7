package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.ports.model.GenerationRequest;
import io.parley.safety.GateLimits;
import io.parley.safety.PiiAction;
import io.parley.safety.PiiKind;
import io.parley.safety.PrivacyPolicy;
import io.parley.safety.pii.PiiGate;
import io.parley.safety.pii.PiiListener;
import io.parley.testkit.FakeGeneration;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What becomes of personal data between a client and a model. */
class PrivacyTest {
  @Test
  void theModelReadsAMaskedPrompt() throws Exception {
    PrivacyPolicy mask =
        new PrivacyPolicy(
            Map.of(PiiKind.EMAIL, PiiAction.MASK, PiiKind.PHONE, PiiAction.MASK), Map.of());
    try (TestGateway server = start(mask)) {
      CompletableFuture<HttpResponse<InputStream>> response =
          server.open(server.post("/v1/messages", conversation()));
      FakeGeneration model = server.models.take();
      GenerationRequest request = model.request();
      assertThat(request.prompt().system()).isEqualTo("You serve [EMAIL]");
      assertThat(request.prompt().turns())
          .extracting(turn -> turn.text())
          .containsExactly("Call [PHONE]", "Whom?", "[EMAIL]");
      model.start(1).text("Bob.").endTurn();
      response.join().body().close();
    }
  }

  @Test
  void theClientReadsAMaskedAnswer() {
    try (TestGateway server = start(answers(PiiAction.MASK))) {
      server.models.script(
          model -> {
            model.start(1);
            "It is ada@example.com, I think.".codePoints().forEach(c -> model.text(chars(c)));
            model.endTurn();
          });
      String text =
          Events.text(
              Events.all(
                  server
                      .send(server.post("/v1/messages", TestGateway.body(",\"stream\":true")))
                      .body()));
      assertThat(text).isEqualTo("It is [EMAIL], I think.");
    }
  }

  @Test
  void anAnswerIsRefusedByKind() {
    try (TestGateway server = start(answers(PiiAction.REFUSE))) {
      server.models.script(model -> model.start(1).text("It is ada@example.com, ").endTurn());
      JsonNode message =
          Events.json(server.send(server.post("/v1/messages", TestGateway.body(""))).body());
      assertThat(message.get("stop_reason").asText()).isEqualTo("refusal");
      assertThat(message.at("/stop_details/explanation").asText()).contains("pii_email");
      assertThat(message.toString()).doesNotContain("ada@");
    }
  }

  private static String conversation() {
    return """
        {"model":"%s","max_tokens":100,"system":"You serve ada@example.com",
         "messages":[{"role":"user","content":"Call +49 30 1234567"},
          {"role":"assistant","content":"Whom?"},
          {"role":"user","content":[{"type":"text","text":"bob@example.com"}]}]}"""
        .formatted(TestGateway.MODEL);
  }

  private static String chars(int codePoint) {
    return Character.toString(codePoint);
  }

  private static PrivacyPolicy answers(PiiAction action) {
    return new PrivacyPolicy(Map.of(), Map.of(PiiKind.EMAIL, action));
  }

  private static TestGateway start(PrivacyPolicy policy) {
    PiiGate gate = new PiiGate(organisation -> policy, PiiListener.NONE);
    return new TestGateway.Setup()
        .inputGate(gate.inputGate())
        .outputGate(gate.outputGate())
        .gateLimits(new GateLimits(10_000, 10_000, 2))
        .start();
  }
}
