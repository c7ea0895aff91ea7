package io.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.batches.BatchCreateParams;
import com.anthropic.models.messages.batches.MessageBatch;
import com.anthropic.models.messages.batches.MessageBatchIndividualResponse;
import com.anthropic.services.blocking.messages.BatchService;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Message batches of a started server, through the official Java SDK. */
@SuppressWarnings("NullAway.Init") // set by beforeAll
class BatchSdkTest {
  @TempDir static Path directory;
  private static RunningParley parley;
  private static AnthropicClient client;

  @BeforeAll
  static void start() {
    parley = RunningParley.start(directory);
    client =
        AnthropicOkHttpClient.builder()
            .baseUrl(parley.url())
            .apiKey(parley.key())
            .responseValidation(true)
            .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    parley.close();
  }

  private static BatchCreateParams.Request request(String customId, String model) {
    return BatchCreateParams.Request.builder()
        .customId(customId)
        .params(
            BatchCreateParams.Request.Params.builder()
                .model(model)
                .maxTokens(5)
                .addUserMessage("Hello")
                .build())
        .build();
  }

  @Test
  void aBatchIsMadeWaitedForReadAndDeleted() {
    BatchService batches = client.messages().batches();
    MessageBatch batch =
        batches.create(
            BatchCreateParams.builder()
                .addRequest(request("good", "claude-anything"))
                .addRequest(request("bad", "no-such-model"))
                .build());
    Instant patience = Instant.now().plusSeconds(60);
    while (!batch.processingStatus().equals(MessageBatch.ProcessingStatus.ENDED)) {
      assertThat(Instant.now()).isBefore(patience);
      batch = batches.retrieve(batch.id());
    }
    assertThat(batch.requestCounts().succeeded()).isEqualTo(1);
    assertThat(batch.requestCounts().errored()).isEqualTo(1);
    assertThat(batch.resultsUrl()).isPresent();
    List<MessageBatchIndividualResponse> results = results(batches, batch.id());
    assertThat(results.getFirst().customId()).isEqualTo("good");
    assertThat(results.getFirst().result().asSucceeded().message().usage().outputTokens())
        .isPositive();
    assertThat(results.getLast().result().asErrored().error().error().isNotFoundError()).isTrue();
    assertThat(batches.list().items()).extracting(MessageBatch::id).containsExactly(batch.id());
    assertThat(batches.delete(batch.id()).id()).isEqualTo(batch.id());
    assertThat(batches.list().items()).isEmpty();
  }

  private static List<MessageBatchIndividualResponse> results(BatchService batches, String id) {
    try (StreamResponse<MessageBatchIndividualResponse> lines = batches.resultsStreaming(id)) {
      return lines.stream().toList();
    }
  }
}
