package io.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolChoiceAny;
import com.anthropic.models.models.ModelInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped models, answered through the official Java SDK. */
@SuppressWarnings("NullAway.Init") // set by beforeAll
class AnthropicSdkTest {
  private static final String QUESTION = "What is the capital of France?";

  @TempDir static Path directory;
  private static RunningParley parley;
  private static AnthropicClient client;

  @BeforeAll
  static void start() {
    parley = RunningParley.start(directory);
    client = parley.client();
  }

  @AfterAll
  static void stop() {
    client.close();
    parley.close();
  }

  private static MessageCreateParams.Builder question() {
    return MessageCreateParams.builder()
        .model("parley-base")
        .maxTokens(100)
        .putAdditionalBodyProperty("temperature", JsonValue.from(0))
        .addUserMessage(QUESTION);
  }

  private static String text(Message message) {
    return message.content().stream()
        .flatMap(block -> block.text().stream())
        .map(block -> block.text())
        .collect(Collectors.joining());
  }

  private static Message stream(MessageCreateParams params) {
    MessageAccumulator accumulator = MessageAccumulator.create();
    try (StreamResponse<RawMessageStreamEvent> events = client.messages().createStreaming(params)) {
      events.stream().forEach(accumulator::accumulate);
    }
    return accumulator.message();
  }

  @Test
  void answersAQuestion() {
    Message message = client.messages().create(question().build()).validate();

    assertThat(text(message)).contains("Paris");
    assertThat(message.content()).allMatch(ContentBlock::isText);
    assertThat(message.model().asString()).isEqualTo("parley-base");
    assertThat(message.stopReason()).contains(StopReason.END_TURN);
    assertThat(message.usage().inputTokens()).isPositive();
    assertThat(message.usage().outputTokens()).isPositive();
  }

  @Test
  void streamsTheSameMessage() {
    Message whole = client.messages().create(question().build());
    Message streamed = stream(question().build()).validate();

    assertThat(text(streamed)).isEqualTo(text(whole));
    assertThat(streamed.stopReason()).isEqualTo(whole.stopReason());
    assertThat(streamed.usage().inputTokens()).isEqualTo(whole.usage().inputTokens());
    assertThat(streamed.usage().outputTokens()).isEqualTo(whole.usage().outputTokens());
  }

  @Test
  void bothModelsAnswerAndAliasesNameTheModelThatDid() {
    assertThat(text(client.messages().create(question().model("parley-mini").build())))
        .contains("Paris");
    assertThat(client.messages().create(question().model("claude-sonnet-4-5").build()).model())
        .hasToString("parley-base");
  }

  @Test
  void remembersEarlierTurns() {
    Message message =
        client
            .messages()
            .create(
                MessageCreateParams.builder()
                    .model("parley-base")
                    .maxTokens(50)
                    .putAdditionalBodyProperty("temperature", JsonValue.from(0))
                    .addUserMessage("My name is Marta.")
                    .addAssistantMessage("Nice to meet you, Marta!")
                    .addUserMessage("What is my name?")
                    .build());
    assertThat(text(message)).contains("Marta");
  }

  @Test
  void continuesAnAssistantTurn() {
    Message message =
        client.messages().create(question().addAssistantMessage("The capital of").build());
    assertThat(text(message)).startsWith(" France").contains("Paris");
  }

  @Test
  void stopsAtMaxTokensAndAtStopSequences() {
    Message cut = client.messages().create(question().maxTokens(2).build());
    assertThat(cut.stopReason()).contains(StopReason.MAX_TOKENS);
    assertThat(cut.usage().outputTokens()).isEqualTo(2);

    Message stopped = client.messages().create(question().stopSequences(List.of("Fra")).build());
    assertThat(stopped.stopReason()).contains(StopReason.STOP_SEQUENCE);
    assertThat(stopped.stopSequence()).contains("Fra");
    assertThat(text(stopped)).doesNotContain("Fra");
  }

  @Test
  void countsTheTokensThatAnAnswerReports() {
    long counted =
        client
            .messages()
            .countTokens(
                MessageCountTokensParams.builder()
                    .model("parley-base")
                    .addUserMessage(QUESTION)
                    .build())
            .inputTokens();
    assertThat(client.messages().create(question().build()).usage().inputTokens())
        .isEqualTo(counted);
  }

  @Test
  void listsAndRetrievesModels() {
    assertThat(client.models().list().autoPager())
        .extracting(ModelInfo::id)
        .contains("parley-base", "parley-mini");
    assertThat(client.models().retrieve("parley-mini").id()).isEqualTo("parley-mini");
    assertThatThrownBy(() -> client.models().retrieve("nobody"))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void servesARequestThatOffersToolsAndRefusesOneThatRequiresThem() {
    Tool tool =
        Tool.builder()
            .name("look_up")
            .description("Looks something up")
            .inputSchema(Tool.InputSchema.builder().build())
            .build();
    MessageCreateParams.Builder offered = question().addTool(tool).system("Be brief.");
    assertThat(text(client.messages().create(offered.build()))).contains("Paris");
    assertThatThrownBy(
            () ->
                client
                    .messages()
                    .create(offered.toolChoice(ToolChoiceAny.builder().build()).build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("tool_choice");
  }

  @Test
  void errorsArriveAsTheSdksExceptions() {
    assertThatThrownBy(() -> client.messages().create(question().model("nobody").build()))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> client.messages().create(question().maxTokens(0).build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("max_tokens");
    AnthropicClient stranger =
        AnthropicOkHttpClient.builder().baseUrl(parley.url()).apiKey("sk-parley-x").build();
    assertThatThrownBy(() -> stranger.messages().create(question().build()))
        .isInstanceOf(UnauthorizedException.class);
    stranger.close();
  }

  @Test
  void bearerKeysAreAccepted() {
    AnthropicClient bearer =
        AnthropicOkHttpClient.builder().baseUrl(parley.url()).authToken(parley.key()).build();
    assertThat(text(bearer.messages().create(question().build()))).contains("Paris");
    bearer.close();
  }
}
