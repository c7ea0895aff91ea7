package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.common.ErrorCode;
import io.parley.common.TimeSource;
import io.parley.gateway.messages.Accepted;
import io.parley.gateway.messages.Accounts;
import io.parley.gateway.messages.Conclusion;
import io.parley.gateway.messages.Conclusion.Outcome;
import io.parley.gateway.messages.Hold;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.Usage;
import io.parley.safety.Auditor;
import io.parley.safety.GateDecision;
import io.parley.safety.audit.AuditEntry;
import io.parley.safety.audit.AuditLog;
import io.parley.testkit.FakeGeneration;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a request's hold on the limits, and of its accounts, on every way out. */
class SettlementTest {
  private final Books books = new Books();
  private TestGateway gateway =
      new TestGateway.Setup().accounts(books).turnstile(books::enter).start();

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void aWholeAnswerIsSettledWithWhatItTook() {
    gateway.models.script(g -> g.start(new Usage(3, 0, 2, 5), 7).text("Hello").endTurn());
    gateway.send(ask(""));
    assertThat(books.held())
        .containsExactly("started " + new Usage(3, 0, 2, 5), "settle " + new Usage(3, 2, 2, 5));
    Conclusion conclusion = books.next();
    assertThat(conclusion.outcome()).isEqualTo(new Outcome.Answered("end_turn"));
    assertThat(conclusion.usage()).isEqualTo(new Usage(3, 2, 2, 5));
    assertThat(conclusion.queueMs()).isEqualTo(7);
    assertThat(conclusion.ttftMs()).isPresent();
    assertThat(conclusion.request().endUser()).contains("somebody");
    assertThat(conclusion.request().principal()).isEqualTo(TestGateway.PRINCIPAL);
    assertThat(conclusion.request().modelId()).isEqualTo(TestGateway.MODEL);
  }

  @Test
  void theLastEventWaitsUntilTheAccountsHaveIt() throws Exception {
    books.block = true;
    gateway.models.script(g -> g.start(3).text("Hello").endTurn());
    CompletableFuture<HttpResponse<InputStream>> response = gateway.open(ask(",\"stream\":true"));
    try (InputStream body = response.get(20, TimeUnit.SECONDS).body()) {
      String early = readUntil(body, "Hello");
      books.next();
      assertThat(early).doesNotContain("content_block_stop");
      books.unblock(true);
      assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).contains("message_stop");
    }
  }

  @Test
  void whatCannotBeAccountedForEndsInAnError() {
    books.writes = false;
    gateway.models.script(g -> g.start(3).text("Hello").endTurn());
    assertThat(gateway.send(ask("")).statusCode()).isEqualTo(500);
    assertThat(gateway.send(ask(",\"stream\":true")).body())
        .contains("event: error")
        .contains("cannot be accounted for")
        .doesNotContain("message_stop");
  }

  @Test
  void aClientThatGoesAwayPaysForWhatWasGenerated() throws Exception {
    CompletableFuture<HttpResponse<InputStream>> response = gateway.open(ask(",\"stream\":true"));
    FakeGeneration generation = gateway.models.take();
    generation.start(3).text("Hello");
    response.get(20, TimeUnit.SECONDS).body().close();
    assertThat(generation.awaitCancel()).isTrue();
    Conclusion conclusion = books.next();
    assertThat(conclusion.outcome()).isEqualTo(new Outcome.Abandoned());
    assertThat(conclusion.usage()).isEqualTo(new Usage(3, 1));
  }

  @Test
  void aFailureIsSettledWithWhatItTook() {
    gateway.models.script(g -> g.start(3).text("Hel").fail(ErrorCode.TIMEOUT, "too slow"));
    gateway.send(ask(",\"stream\":true"));
    Conclusion conclusion = books.next();
    assertThat(conclusion.outcome()).isEqualTo(new Outcome.Failed(ErrorCode.TIMEOUT));
    assertThat(conclusion.usage()).isEqualTo(new Usage(3, 1));
    assertThat(books.held()).last().isEqualTo("settle " + new Usage(3, 1));
  }

  @Test
  void whatNeverRanIsReleasedAndNotWrittenDown() {
    gateway.models.script(g -> g.refuse("no room", 100));
    assertThat(gateway.send(ask("")).statusCode()).isEqualTo(529);
    gateway.models.refuse(new IllegalStateException("a fault"));
    assertThat(gateway.send(ask("")).statusCode()).isEqualTo(500);
    assertThat(books.held()).containsExactly("release", "release");
    assertThat(books.conclusions).isEmpty();
  }

  @Test
  void aRefusalOfThePromptIsWrittenDownAndTakesNothing() {
    gateway.close();
    gateway =
        new TestGateway.Setup()
            .accounts(books)
            .turnstile(books::enter)
            .inputGate((context, prompt) -> new GateDecision.Refuse("test"))
            .start();
    gateway.send(ask(""));
    assertThat(books.held()).isEmpty();
    Conclusion conclusion = books.next();
    assertThat(conclusion.outcome()).isEqualTo(new Outcome.Answered("refusal"));
    assertThat(conclusion.usage()).isEqualTo(new Usage(0, 0));
  }

  @Test
  void anAnswerWhoseDecisionCannotBeAuditedEndsInAnError() {
    gateway.close();
    AuditLog inputOnly =
        entry ->
            entry instanceof AuditEntry.Decision decision && decision.gate().equals("input")
                ? CompletableFuture.completedFuture(entry)
                : CompletableFuture.failedFuture(new IOException("disk full"));
    gateway =
        new TestGateway.Setup()
            .accounts(books)
            .auditor(new Auditor(inputOnly, "1", TimeSource.system()))
            .start();
    gateway.models.script(g -> g.start(3).text("Hello").endTurn());
    assertThat(gateway.send(ask("")).statusCode()).isEqualTo(500);
    assertThat(books.next().outcome()).isEqualTo(new Outcome.Failed(ErrorCode.API));
  }

  private java.net.http.HttpRequest.Builder ask(String more) {
    return gateway.post(
        "/v1/messages", TestGateway.body(",\"metadata\":{\"user_id\":\"somebody\"}" + more));
  }

  private static String readUntil(InputStream body, String text) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      read.append((char) body.read());
    }
    return read.toString();
  }

  /** Accounts and a turnstile that write down how they were called. */
  private static final class Books implements Accounts {
    private final BlockingQueue<String> holds = new LinkedBlockingQueue<>();
    private final BlockingQueue<Conclusion> conclusions = new LinkedBlockingQueue<>();
    private volatile boolean writes = true;
    private volatile boolean block;
    private volatile @Nullable Consumer<Boolean> waiting;

    @Override
    public void conclude(Conclusion conclusion, Consumer<Boolean> then) {
      if (block) {
        waiting = then;
      }
      conclusions.add(conclusion);
      if (!block) {
        then.accept(writes);
      }
    }

    void unblock(boolean written) {
      Consumer<Boolean> then = waiting;
      if (then != null) {
        then.accept(written);
      }
    }

    Conclusion next() {
      try {
        Conclusion next = conclusions.poll(20, TimeUnit.SECONDS);
        if (next == null) {
          throw new AssertionError("no conclusion");
        }
        return next;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    List<String> held() {
      return List.copyOf(holds);
    }

    Hold enter(
        Accepted request,
        ModelDescriptor model,
        int input,
        int output,
        Consumer<Map<String, String>> headers) {
      return new Hold() {
        @Override
        public void started(Usage prompt) {
          holds.add("started " + prompt);
        }

        @Override
        public void settle(Usage usage, Outcome outcome) {
          holds.add("settle " + usage);
        }

        @Override
        public void release() {
          holds.add("release");
        }
      };
    }
  }
}
