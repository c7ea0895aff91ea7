package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Paths that somebody else answers on the gateway's port. */
class MountTest {
  private static final String PATH = "/elsewhere/thing";

  @Test
  void aMountAnswersItsPathsAndTheGatewayTheOthers() {
    try (TestGateway gateway = startWith(MountTest::sayHello)) {
      HttpResponse<String> own = gateway.send(gateway.request(PATH));
      assertThat(own.body()).isEqualTo("hello");
      assertThat(own.headers().firstValue("request-id"))
          .hasValueSatisfying(id -> assertThat(id).startsWith("req_"));
      assertThat(gateway.send(gateway.request("/healthz")).statusCode()).isEqualTo(200);
      assertThat(gateway.send(gateway.request("/elsewher")).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void whatItAnswersIsInTheFiguresUnderItsName() {
    try (TestGateway gateway = startWith(MountTest::sayHello)) {
      gateway.send(gateway.request(PATH));
      gateway.gateway.stop(Duration.ofMinutes(1)); // it is counted after the client has its answer
      assertThat(gateway.meters.find("parley.http.requests").tag("route", "elsewhere").timer())
          .isNotNull();
    }
  }

  @Test
  void stoppingWaitsForWhatAMountHasUnderWay() {
    CompletableFuture<Runnable> arrived = new CompletableFuture<>();
    try (TestGateway gateway =
        startWith(
            (request, over) ->
                arrived.complete(
                    () -> request.response().end("late").onComplete(sent -> over.run())))) {
      CompletableFuture<HttpResponse<String>> answer =
          CompletableFuture.supplyAsync(() -> gateway.send(gateway.request(PATH)));
      Runnable finish = arrived.join();
      CompletableFuture<Void> stopped =
          CompletableFuture.runAsync(() -> gateway.gateway.stop(Duration.ofMinutes(1)));
      assertThat(stopped).isNotDone();
      finish.run();
      assertThat(answer.join().body()).isEqualTo("late");
      stopped.join();
    } catch (CompletionException e) {
      throw new AssertionError(e);
    }
  }

  private static void sayHello(HttpServerRequest request, Runnable over) {
    request.response().end("hello").onComplete(sent -> over.run());
  }

  private static TestGateway startWith(BiConsumer<HttpServerRequest, Runnable> handler) {
    Mount mount = new Mount("elsewhere", path -> path.startsWith("/elsewhere/"), vertx -> handler);
    return new TestGateway.Setup().mounts(mount).start();
  }
}
