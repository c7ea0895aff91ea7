package io.parley.gateway.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.GatewayLimits;
import io.parley.ports.model.CachePoint;
import io.parley.ports.model.Prompt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final GatewayLimits.Requests LIMITS =
      new GatewayLimits.Requests(1 << 20, 1 << 20, 1_000, 16, 1_000, 4, 2, 3, 10, 12);

  private final RequestReader reader = new RequestReader(LIMITS);

  /** Each line puts one value at one place of a good request; null takes it away. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          model           | null            | model: Field required
          model           | 3               | model: must be a string, got 3
          model           | " "             | model: must be the name of a model, got " "
          max_tokens      | null            | max_tokens: Field required
          max_tokens      | "ten"           | max_tokens: must be an integer of at least 1, got "ten"
          max_tokens      | 0               | max_tokens: must be an integer of at least 1, got 0
          max_tokens      | -1              | max_tokens: must be an integer of at least 1, got -1
          max_tokens      | 1.5             | max_tokens: must be an integer of at least 1, got 1.5
          max_tokens      | true            | max_tokens: must be an integer of at least 1, got true
          max_tokens      | 1e99999         | max_tokens: must be an integer of at least 1, got
          max_tokens      | [1]             | max_tokens: must be an integer of at least 1, got an array
          messages        | null            | messages: Field required
          messages        | []              | messages: at least one message is required
          messages        | "hi"            | messages: must be an array, got "hi"
          messages        | {}              | messages: must be an array, got an object
          messages        | [3]             | messages.0: must be an object, got 3
          messages        | [{"content":"a"}]                   | messages.0.role: Field required
          messages        | [{"role":"user"}]                   | messages.0.content: Field required
          messages        | [{"role":"tool","content":"a"}]     | messages.0.role: must be "user" or "assistant" or "system", got "tool"
          messages        | [{"role":"user","content":3}]       | messages.0.content: must be a string or an array of content blocks, got 3
          messages        | [{"role":"user","content":""}]      | messages.0.content: user messages must have non-empty content
          messages        | [{"role":"user","content":" "}]     | messages.0.content: user messages must have non-empty content
          messages        | [{"role":"user","content":[]}]      | messages.0.content: user messages must have non-empty content
          messages        | [{"role":"user","content":"a","x":1}] | messages.0.x: Extra inputs are not permitted
          messages        | [{"role":"user","content":[3]}]     | messages.0.content.0: must be an object, got 3
          messages        | [{"role":"user","content":[{}]}]    | messages.0.content.0.type: Field required
          messages        | [{"role":"user","content":[{"type":"text"}]}]  | messages.0.content.0.text: Field required
          messages        | [{"role":"user","content":[{"type":"text","text":3}]}]  | messages.0.content.0.text: must be a string, got 3
          messages        | [{"role":"user","content":[{"type":"text","text":"a","x":1}]}]  | messages.0.content.0.x: Extra inputs are not permitted
          messages        | [{"role":"user","content":[{"type":"text","text":"a"},{"type":"image"}]}]  | messages.0.content.1.type: "image" is not supported: images cannot be read
          messages        | [{"role":"user","content":[{"type":"document"}]}]  | messages.0.content.0.type: "document" is not supported: documents
          messages        | [{"role":"user","content":[{"type":"tool_result"}]}]  | messages.0.content.0.type: "tool_result" is not supported: tools
          messages        | [{"role":"user","content":[{"type":"video"}]}]  | messages.0.content.0.type: "video" is not supported: this server reads
          messages        | [{"role":"user","content":[{"type":"thinking"}]}]  | messages.0.content.0.type: thinking belongs to the assistant
          messages        | [{"role":"user","content":"\\ud800"}]  | messages.0.content: holds half a character
          messages        | [{"role":"assistant","content":"a"}]  | messages.0.content: the first message must be of role "user"
          messages        | [{"role":"system","content":"a"}]   | messages: at least one message of role "user" is required
          messages        | [{"role":"user","content":"a"},{"role":"assistant","content":"b "}] | messages: final assistant content cannot end with trailing whitespace
          messages        | [1,2,3,4,5]     | messages: must have at most 4 items, got 5
          system          | 3               | system: must be a string or an array of text blocks, got 3
          system          | [{"type":"image"}] | system.0.type: must be "text" in a system prompt, got "image"
          system          | [{"type":"text","text":"a","cache_control":{"type":"x"}}] | system.0.cache_control.type: must be "ephemeral", got "x"
          system          | [{"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":"2h"}}] | system.0.cache_control.ttl: must be "5m" or "1h", got "2h"
          system          | [{"type":"text","text":"a","cache_control":{"type":"ephemeral","x":1}}] | system.0.cache_control.x: Extra inputs are not permitted
          system          | [{"type":"text","text":"","cache_control":{"type":"ephemeral"}}] | system.0.cache_control: cannot be set for an empty text block
          tools           | [{"name":"a","input_schema":{"type":"object"},"cache_control":{"type":"x"}}] | tools.0.cache_control.type: must be "ephemeral", got "x"
          cache_control   | {"type":"x"} | cache_control.type: must be "ephemeral", got "x"
          stream          | "true"          | stream: must be true or false, got "true"
          temperature     | 1.1             | temperature: must be a number from 0 to 1, got 1.1
          temperature     | -0.1            | temperature: must be a number from 0 to 1, got -0.1
          temperature     | "hot"           | temperature: must be a number from 0 to 1, got "hot"
          top_k           | -1              | top_k: must be an integer of at least 0, got -1
          top_k           | 0.5             | top_k: must be an integer of at least 0, got 0.5
          top_p           | 1.5             | top_p: must be a number from 0 to 1, got 1.5
          stop_sequences  | "a"             | stop_sequences: must be an array, got "a"
          stop_sequences  | [3]             | stop_sequences.0: must be a string, got 3
          stop_sequences  | [" "]           | stop_sequences.0: each stop sequence must contain non-whitespace
          stop_sequences  | [""]            | stop_sequences.0: each stop sequence must contain non-whitespace
          stop_sequences  | ["a","b","c","d"] | stop_sequences: must have at most 3 items, got 4
          stop_sequences  | ["01234567890"] | stop_sequences.0: must have at most 10 characters, got 11
          metadata        | "x"             | metadata: must be an object, got "x"
          metadata        | {"user":"x"}    | metadata.user: Extra inputs are not permitted
          metadata        | {"user_id":3}   | metadata.user_id: must be a string, got 3
          metadata        | {"user_id":"0123456789012"} | metadata.user_id: must have at most 12 characters, got 13
          tools           | {}              | tools: must be an array, got an object
          tools           | [{}]            | tools.0.name: Field required
          tools           | [{"name":"a b"}] | tools.0.name: must be 1 to 128 letters, digits, _ or -, got "a b"
          tools           | [{"name":"a"}]  | tools.0.input_schema: Field required
          tools           | [{"name":"a","input_schema":{"type":"array"}}] | tools.0.input_schema.type: must be "object", got "array"
          tools           | [{"name":"a","type":"bash_20250124"},{"name":"a","type":"x"}] | tools.1.name: tool names must be unique
          tools           | [1,2,3]         | tools: must have at most 2 items, got 3
          tool_choice     | {"type":"any"}  | tool_choice.type: "any" requires a tool call, and no model
          tool_choice     | {"type":"tool","name":"a"} | tool_choice.type: "tool" requires a tool call
          tool_choice     | {"type":"tool"} | tool_choice.name: Field required
          tool_choice     | {"type":"x"}    | tool_choice.type: must be "auto" or "any" or "tool" or "none", got "x"
          thinking        | {"type":"enabled","budget_tokens":1024} | thinking.type: "enabled" is not supported
          thinking        | {"type":"x"}    | thinking.type: must be "adaptive" or
          output_config   | {"format":{"type":"json_schema"}} | output_config.format: structured output is not supported
          output_config   | {"effort":"most"} | output_config.effort: must be "low" or
          output_config   | {"x":1}         | output_config.x: Extra inputs are not permitted
          output_format   | {"type":"json_schema"} | output_format: not supported: structured output
          context_management | {"edits":[{"type":"compact_20260112"}]} | context_management.edits.0.type: "compact_20260112" is not supported
          container       | "c_1"           | container: not supported
          mcp_servers     | [{"url":"x"}]   | mcp_servers: not supported
          service_tier    | "fast"          | service_tier: must be "auto" or "standard_only", got "fast"
          speed           | "fast"          | speed: must be "standard", got "fast"
          inference_geo   | "eu"            | inference_geo: must be "global"
          thread          | {"type":"create"} | thread: not supported
          foo             | 1               | foo: Extra inputs are not permitted
          """)
  void whatIsWrongIsNamedByItsPath(String field, String value, String message) throws IOException {
    assertThatThrownBy(() -> reader.messages(with(field, value)))
        .isInstanceOfSatisfying(
            ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          stream          | null
          temperature     | 0
          temperature     | 1
          top_k           | 0
          top_p           | 0
          max_tokens      | 9000000000
          stop_sequences  | []
          metadata        | {"user_id":null}
          tools           | []
          tools           | [{"name":"a","input_schema":{"type":"object"},"strict":true}]
          tool_choice     | {"type":"auto","disable_parallel_tool_use":true}
          tool_choice     | {"type":"none"}
          thinking        | {"type":"disabled"}
          thinking        | {"type":"adaptive"}
          output_config   | {"effort":"high"}
          context_management | {"edits":[{"type":"clear_thinking_20251015","keep":"all"}]}
          mcp_servers     | []
          container       | null
          service_tier    | "auto"
          cache_control   | {"type":"ephemeral","ttl":"1h"}
          system          | [{"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":"5m"}}]
          system          | [{"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":null}}]
          system          | [{"type":"text","text":"a","cache_control":null}]
          tools           | [{"name":"a","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}]
          betas           | ["effort-2025-11-24"]
          diagnostics     | {"previous_message_id":null}
          fallbacks       | "default"
          """)
  void whatRealClientsSendIsAccepted(String field, String value) throws IOException {
    assertThat(reader.messages(with(field, value)).model()).isEqualTo("m");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          tools              | [{"name":"a","input_schema":{"type":"object"}}] | tools: offered, but base cannot call tools
          thinking           | {"type":"adaptive"}  | thinking: base answers without thinking
          output_config      | {"effort":"high"}    | output_config.effort: base has one level of effort
          context_management | {}                   | context_management: nothing to clear: no thinking, no tool results
          fallbacks          | "default"            | fallbacks: not tried: a refusal is final here
          diagnostics        | {}                   | diagnostics: not reported by this server
          """)
  void whatIsAcceptedAndNotUsedIsNoticed(String field, String value, String notice)
      throws IOException {
    assertThat(Notice.line(reader.messages(with(field, value)).notices(), "base"))
        .isEqualTo(notice);
  }

  @Test
  void aNumberBeyondAllBoundsIsTheLargest() throws IOException {
    assertThat(reader.messages(with("max_tokens", "9000000000")).maxTokens())
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void blocksOfAMessageAreJoinedAsTheyAre() throws IOException {
    assertThat(
            turns(
                """
                [{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":" b"}]}]
                """))
        .containsExactly(user("a b"));
  }

  @Test
  void messagesOfOneRoleInARowAreOneTurn() throws IOException {
    assertThat(
            turns(
                """
                [{"role":"user","content":"a"},{"role":"user","content":"b"},
                 {"role":"assistant","content":"c"},{"role":"user","content":"d"}]
                """))
        .containsExactly(user("a\n\nb"), assistant("c"), user("d"));
  }

  @Test
  void anEmptyAnswerInTheHistoryIsLeftOut() throws IOException {
    assertThat(
            turns(
                """
                [{"role":"user","content":"a"},{"role":"assistant","content":""},
                 {"role":"user","content":"b"}]
                """))
        .containsExactly(user("a\n\nb"));
  }

  @Test
  void thinkingInTheHistoryIsLeftOutAndNoticed() throws IOException {
    MessagesRequest request =
        reader.messages(
            with(
                "messages",
                """
                [{"role":"user","content":"a"},
                 {"role":"assistant","content":[{"type":"thinking","thinking":"x","signature":"y"},
                                                {"type":"text","text":"b"}]},
                 {"role":"user","content":"c"}]
                """));
    assertThat(request.conversation().turns())
        .containsExactly(user("a"), assistant("b"), user("c"));
    assertThat(Notice.line(request.notices(), "base")).contains("thinking of earlier turns");
  }

  @Test
  void systemMessagesAnywhereJoinTheSystemPrompt() throws IOException {
    Conversation conversation =
        reader
            .messages(
                with(
                    "messages",
                    """
                    [{"role":"user","content":"a"},{"role":"system","content":"later"}]
                    """))
            .conversation();
    assertThat(conversation.system()).isEqualTo("later");
    assertThat(conversation.turns()).containsExactly(user("a"));
  }

  @Test
  void theLastCacheMarkerOfTheConversationCounts() throws IOException {
    Conversation conversation =
        conversation(
            """
            [{"role":"user","content":"a"},
             {"role":"user","content":[{"type":"text","text":"bc","cache_control":{"type":"ephemeral"}},
                                       {"type":"text","text":"d"}]},
             {"role":"system","content":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}]},
             {"role":"assistant","content":"e"}]
            """);
    assertThat(conversation.turns()).containsExactly(user("a\n\nbcd"), assistant("e"));
    assertThat(conversation.cachePoint()).isEqualTo(new CachePoint(0, 5));
  }

  @Test
  void aMarkerOfASystemBlockIsBehindAllBlocksBeforeIt() throws IOException {
    String system =
        """
        [{"type":"text","text":"one"},{"type":"text","text":"two","cache_control":{"type":"ephemeral"}},
         {"type":"text","text":"three"}]
        """;
    Conversation conversation = reader.messages(with("system", system)).conversation();
    assertThat(conversation.cachePoint())
        .isEqualTo(new CachePoint(CachePoint.IN_SYSTEM, "one\n\ntwo".length()));
  }

  @Test
  void aMarkerOfTheRequestIsBehindTheLastMessage() throws IOException {
    String marker = "{\"type\":\"ephemeral\",\"ttl\":\"1h\"}";
    Conversation conversation = reader.messages(with("cache_control", marker)).conversation();
    String last = conversation.turns().getLast().text();
    assertThat(conversation.cachePoint())
        .isEqualTo(new CachePoint(conversation.turns().size() - 1, last.length()));
    assertThat(conversation.cacheTtl()).isEqualTo(CacheTtl.ONE_HOUR);
  }

  @Test
  void withoutAMarkerNothingIsMarked() throws IOException {
    assertThat(conversation("[{\"role\":\"user\",\"content\":\"a\"}]").cachePoint()).isNull();
  }

  @Test
  void aFifthMarkerIsRefused() {
    String block = "{\"type\":\"text\",\"text\":\"a\",\"cache_control\":{\"type\":\"ephemeral\"}}";
    String blocks = String.join(",", Collections.nCopies(5, block));
    assertThatThrownBy(() -> conversation("[{\"role\":\"user\",\"content\":[" + blocks + "]}]"))
        .isInstanceOf(ParleyException.class)
        .hasMessageStartingWith("messages.0.content.4.cache_control: at most 4");
  }

  @Test
  void anHourAfterFiveMinutesIsRefused() {
    String messages =
        """
        [{"role":"user","content":[
          {"type":"text","text":"a","cache_control":{"type":"ephemeral"}},
          {"type":"text","text":"b","cache_control":{"type":"ephemeral","ttl":"1h"}}]}]
        """;
    assertThatThrownBy(() -> conversation(messages))
        .isInstanceOf(ParleyException.class)
        .hasMessageStartingWith("messages.0.content.1.cache_control.ttl: ");
  }

  @Test
  void thinkingCannotBeMarked() {
    String messages =
        """
        [{"role":"user","content":"a"},
         {"role":"assistant","content":[{"type":"thinking","thinking":"x",
                                         "cache_control":{"type":"ephemeral"}}]}]
        """;
    assertThatThrownBy(() -> conversation(messages))
        .isInstanceOf(ParleyException.class)
        .hasMessageStartingWith("messages.1.content.0.cache_control: ");
  }

  private Conversation conversation(String messages) throws IOException {
    return reader.messages(with("messages", messages)).conversation();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"m\"",
        "{\"model\":\"\\x\"}",
        "{'model':1}",
        "{\"model\":NaN}",
      })
  void badJsonSaysWhere(String body) {
    assertThatThrownBy(() -> reader.messages(body.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ParleyException.class)
        .hasMessageStartingWith("body: is not valid JSON: ")
        .hasMessageContaining("(line 1, column ");
  }

  @Test
  void whatIsNestedTooDeepIsRefused() {
    String body = "{\"model\":" + "[".repeat(20) + "]".repeat(20) + "}";
    assertThatThrownBy(() -> reader.messages(body.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ParleyException.class)
        .hasMessage(
            "body: is not valid JSON: Document nesting depth (17) exceeds the maximum allowed (16)");
  }

  @Test
  void tooManyTinyValuesAreRefused() {
    String body = "{\"a\":[" + "0,".repeat(2_000) + "0]}";
    assertThatThrownBy(() -> reader.messages(body.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("1000");
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    byte[] body = "{\"model\":\"?\"}".getBytes(StandardCharsets.UTF_8);
    body[10] = (byte) 0xff;
    assertThatThrownBy(() -> reader.messages(body))
        .isInstanceOf(ParleyException.class)
        .hasMessageStartingWith("body: is not valid JSON");
  }

  private List<Prompt.Turn> turns(String messages) throws IOException {
    return reader.messages(with("messages", messages)).conversation().turns();
  }

  private static Prompt.Turn user(String text) {
    return new Prompt.Turn(Prompt.Role.USER, text);
  }

  private static Prompt.Turn assistant(String text) {
    return new Prompt.Turn(Prompt.Role.ASSISTANT, text);
  }

  private static byte[] with(String field, String json) throws IOException {
    ObjectNode request =
        (ObjectNode)
            MAPPER.readTree(
                """
                {"model":"m","max_tokens":10,"messages":[{"role":"user","content":"a"}]}
                """);
    request.set(field, MAPPER.readTree(json));
    return MAPPER.writeValueAsBytes(request);
  }
}
