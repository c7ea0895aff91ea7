package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.common.ErrorCode;
import io.parley.testkit.VirtualTime;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What clients see of a model that keeps failing. */
class FallbackTest {
  private final VirtualTime time = new VirtualTime();

  @Test
  void anotherModelAnswersAndTheAnswerSaysSo() {
    Map<String, String> fallbacks = Map.of(TestGateway.MODEL, TestGateway.OLDER_MODEL);
    try (TestGateway gateway = new TestGateway.Setup().fallbacks(fallbacks).time(time).start()) {
      fail(gateway);
      gateway.models.script(model -> model.start(7).text("Hello").endTurn());
      HttpResponse<String> response = ask(gateway);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(Events.json(response.body()).get("model").asText())
          .isEqualTo(TestGateway.OLDER_MODEL);
      assertThat(response.headers().firstValue("parley-model-fallback"))
          .hasValue(TestGateway.MODEL);
    }
  }

  @Test
  void withoutAnotherModelTheClientIsToldWhenToTryAgain() {
    try (TestGateway gateway = new TestGateway.Setup().time(time).start()) {
      fail(gateway);
      HttpResponse<String> response = ask(gateway);
      assertThat(response.statusCode()).isEqualTo(529);
      assertThat(response.headers().firstValue("retry-after-ms")).hasValue("10000");
      MessagesTest.assertError(
          response, "overloaded_error", "parley-test keeps failing and is out of traffic for now");
      time.advance(Duration.ofSeconds(10));
      gateway.models.script(model -> model.start(7).text("Hello").endTurn());
      HttpResponse<String> later = ask(gateway);
      assertThat(later.statusCode()).isEqualTo(200);
      assertThat(later.headers().firstValue("parley-model-fallback")).isEmpty();
    }
  }

  private static void fail(TestGateway gateway) {
    gateway.models.script(model -> model.start(7).fail(ErrorCode.API, "broke"));
    for (int i = 0; i < 20; i++) {
      assertThat(ask(gateway).statusCode()).isEqualTo(500);
    }
  }

  private static HttpResponse<String> ask(TestGateway gateway) {
    return gateway.send(gateway.post("/v1/messages", TestGateway.body("")));
  }
}
