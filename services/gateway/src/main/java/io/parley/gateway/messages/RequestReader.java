package io.parley.gateway.messages;

import io.parley.common.ParleyException;
import io.parley.gateway.GatewayLimits;
import io.parley.gateway.json.Field;
import io.parley.gateway.json.JsonBody;
import io.parley.ports.model.Sampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The validation stage: turns a body into a request, or says what is wrong with it by path and by
 * what would be right. Strict: an unknown field and a wrong type are errors; null means absent.
 * Thread-safe; takes time that grows with the body.
 */
public final class RequestReader {
  private static final Set<String> PROMPT_FIELDS =
      Set.of("model", "messages", "system", "tools", "tool_choice", "cache_control");
  private static final Set<String> GENERATION_FIELDS =
      Set.of("max_tokens", "temperature", "top_k", "top_p", "stop_sequences", "stream");
  static final Set<String> MESSAGES_FIELDS =
      fields(other -> true, List.of(PROMPT_FIELDS, GENERATION_FIELDS));
  static final Set<String> COUNT_TOKENS_FIELDS =
      fields(OtherField::inCountTokens, List.of(PROMPT_FIELDS));
  private static final int MAX_MODEL_CHARS = 256;

  private final GatewayLimits.Requests limits;
  private final JsonBody bodies;

  public RequestReader(GatewayLimits.Requests limits) {
    this.limits = limits;
    this.bodies = new JsonBody(limits);
  }

  /**
   * @throws ParleyException INVALID_REQUEST that names the first thing that is wrong
   */
  MessagesRequest messages(byte[] body) {
    return messages(bodies.parse(body));
  }

  /**
   * Checks a request that is a part of a body, and will be read again when its turn comes.
   *
   * @throws ParleyException INVALID_REQUEST that names the first thing that is wrong
   */
  public void check(Field request) {
    if (messages(request).stream()) {
      throw request.require("stream").error("must be false: nobody reads along here");
    }
  }

  private MessagesRequest messages(Field body) {
    Field root = body.object(MESSAGES_FIELDS);
    List<Notice> notices = new ArrayList<>();
    String model = model(root);
    int maxTokens = root.require("max_tokens").integer(1);
    Conversation conversation = prompt(root, notices);
    return new MessagesRequest(
        model,
        conversation,
        maxTokens,
        sampling(root),
        stopSequences(root),
        root.get("stream").map(Field::bool).orElse(false),
        root.get("metadata").flatMap(this::endUser),
        notices);
  }

  /**
   * @throws ParleyException INVALID_REQUEST that names the first thing that is wrong
   */
  CountTokensRequest countTokens(byte[] body) {
    Field root = bodies.parse(body).object(COUNT_TOKENS_FIELDS);
    List<Notice> notices = new ArrayList<>();
    return new CountTokensRequest(model(root), prompt(root, notices), notices);
  }

  private static String model(Field root) {
    Field model = root.require("model");
    String name = model.text(MAX_MODEL_CHARS);
    if (name.isBlank()) {
      throw model.mustBe("the name of a model");
    }
    return name;
  }

  private Conversation prompt(Field root, List<Notice> notices) {
    CacheMarkers markers = new CacheMarkers();
    root.get("tools")
        .ifPresent(tools -> ToolsReader.tools(tools, limits.maxTools(), markers, notices));
    Conversation conversation =
        ConversationReader.read(root, limits.maxMessages(), markers, notices);
    root.get("tool_choice").ifPresent(ToolsReader::choice);
    for (OtherField other : OtherField.values()) {
      other.read(root, notices);
    }
    return conversation;
  }

  private Optional<String> endUser(Field metadata) {
    return metadata.get("user_id").map(id -> id.text(limits.maxUserIdChars()));
  }

  private static Sampling sampling(Field root) {
    double temperature = root.get("temperature").map(t -> t.number(0, 1)).orElse(1.0);
    int topK = root.get("top_k").map(k -> k.integer(0)).orElse(0);
    double topP = root.get("top_p").map(p -> p.number(0, 1)).orElse(1.0);
    // The API allows 0, by which the most probable token alone is left; so it is by the least sum.
    return new Sampling(temperature, topK, Math.max(topP, Double.MIN_VALUE), OptionalLong.empty());
  }

  private List<String> stopSequences(Field root) {
    return root.get("stop_sequences").map(this::texts).orElse(List.of());
  }

  private List<String> texts(Field sequences) {
    return sequences.items(limits.maxStopSequences()).stream().map(this::stopSequence).toList();
  }

  private String stopSequence(Field sequence) {
    String text = sequence.text(limits.maxStopSequenceChars());
    if (text.isBlank()) {
      throw sequence.error("each stop sequence must contain non-whitespace");
    }
    return text;
  }

  private static Set<String> fields(Predicate<OtherField> others, List<Set<String>> known) {
    Stream<String> names =
        Arrays.stream(OtherField.values()).filter(others).map(OtherField::wireName);
    return Stream.concat(known.stream().flatMap(Set::stream), names)
        .collect(Collectors.toUnmodifiableSet());
  }
}
