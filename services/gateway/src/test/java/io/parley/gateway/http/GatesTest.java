package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.safety.GateDecision;
import io.parley.safety.GateLimits;
import io.parley.safety.InputGate;
import io.parley.safety.OutputGate;
import io.parley.safety.PrivacyPolicy;
import io.parley.safety.pii.PiiGate;
import io.parley.safety.pii.PiiListener;
import io.parley.safety.rules.RuleSet;
import io.parley.testkit.FakeGeneration;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class GatesTest {
  private static final String KEY = "sk-parley-" + "A1b2".repeat(10);

  @Test
  void aRefusedPromptIsAnAnswerThatSaysSoAndReachesNoModel() {
    try (TestGateway server = setup((context, prompt) -> new GateDecision.Refuse("harm")).start()) {
      JsonNode message =
          Events.json(server.send(server.post("/v1/messages", TestGateway.body(""))).body());
      assertThat(message.get("stop_reason").asText()).isEqualTo("refusal");
      assertThat(message.at("/stop_details/type").asText()).isEqualTo("refusal");
      assertThat(message.at("/stop_details/category").asText()).isEqualTo("general_harms");
      assertThat(message.at("/stop_details/explanation").asText()).contains("harm");
      assertThat(server.models.waiting()).isZero();
      assertThat(server.meters.get("parley.gate.refusals").tag("gate", "input").counter().count())
          .isEqualTo(1);
    }
  }

  @Test
  void aRefusedPromptIsAWholeStreamToo() {
    try (TestGateway server = setup((context, prompt) -> new GateDecision.Refuse("harm")).start()) {
      List<Events.Event> events = stream(server);
      assertThat(Events.names(events))
          .containsExactly(
              "message_start",
              "content_block_start",
              "ping",
              "content_block_stop",
              "message_delta",
              "message_stop");
      assertThat(events.get(4).data().at("/delta/stop_reason").asText()).isEqualTo("refusal");
    }
  }

  @Test
  void anInputGateThatThrowsRefuses() {
    InputGate broken =
        (context, prompt) -> {
          throw new IllegalStateException("broken");
        };
    try (TestGateway server = setup(broken).start()) {
      JsonNode details = stream(server).get(4).data().at("/delta/stop_details");
      assertThat(details.get("category").isNull()).isTrue();
      assertThat(details.get("explanation").asText()).contains("gate_failed");
    }
  }

  @Test
  void anInputGateThatIsLateIsAServerThatIsBusy() {
    InputGate never =
        (context, prompt) -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return GateDecision.ALLOW;
        };
    try (TestGateway server = setup(never).gateLimits(new GateLimits(20, 10_000, 0)).start()) {
      HttpResponse<String> busy =
          server.send(server.post("/v1/messages", TestGateway.body(",\"stream\":true")));
      assertThat(busy.statusCode()).isEqualTo(529);
      assertThat(busy.headers().firstValue("retry-after")).contains("1");
    }
  }

  @Test
  void aHaltMidStreamEndsItAndCancelsTheModelAndWithholdsWhatWasHeld() {
    try (TestGateway server =
        new TestGateway.Setup()
            .outputGate(secretsAreRefused())
            .gateLimits(new GateLimits(10_000, 10_000, 2))
            .start()) {
      var opening = server.open(server.post("/v1/messages", TestGateway.body(",\"stream\":true")));
      FakeGeneration model = server.models.take().start(3);
      HttpResponse<InputStream> response = opening.join();
      Events events = new Events(response.body());
      for (String word : List.of("The ", "key ", "you ", "want ", "is ", KEY)) {
        model.text(word);
      }
      assertThat(model.awaitCancel()).isTrue();
      List<Events.Event> all = events.rest();
      assertThat(Events.text(all)).isEqualTo("The key you ");
      assertThat(all.getLast().name()).isEqualTo("message_stop");
      JsonNode delta = all.get(all.size() - 2).data();
      assertThat(delta.at("/delta/stop_reason").asText()).isEqualTo("refusal");
      assertThat(delta.at("/usage/output_tokens").asInt()).isEqualTo(6);
      assertThat(server.meters.get("parley.gate.refusals").tag("gate", "output").counter().count())
          .isEqualTo(1);
    }
  }

  @Test
  void noPartOfAKeyIsWrittenHoweverManyTokensItHas() {
    try (TestGateway server =
        new TestGateway.Setup()
            .outputGate(secretsAreRefused())
            .gateLimits(new GateLimits(10_000, 10_000, 1))
            .start()) {
      server.models.script(
          model -> {
            model.start(1).text("It ").text("is ");
            KEY.codePoints().forEach(c -> model.text(Character.toString(c)));
            model.endTurn();
          });
      assertThat(Events.text(stream(server))).isEqualTo("It is ");
    }
  }

  @Test
  void theAnswersOfTheShippedRulesPassThrough() {
    RuleSet rules = RuleSet.shipped();
    try (TestGateway server =
        new TestGateway.Setup()
            .inputGate(rules.inputGate())
            .outputGate(rules.outputGate())
            .gateLimits(new GateLimits(10_000, 10_000, 16))
            .start()) {
      server.models.script(model -> model.start(1).text("Paris ").text("is it.").endTurn());
      assertThat(Events.text(stream(server))).isEqualTo("Paris is it.");
    }
  }

  private static OutputGate secretsAreRefused() {
    return new PiiGate(organisation -> PrivacyPolicy.DEFAULT, PiiListener.NONE).outputGate();
  }

  private static TestGateway.Setup setup(InputGate gate) {
    return new TestGateway.Setup().inputGate(gate);
  }

  private static List<Events.Event> stream(TestGateway server) {
    return Events.all(
        server.send(server.post("/v1/messages", TestGateway.body(",\"stream\":true"))).body());
  }
}
