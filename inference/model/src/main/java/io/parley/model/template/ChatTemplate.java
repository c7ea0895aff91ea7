package io.parley.model.template;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.model.source.ModelFileException;
import io.parley.model.source.ModelSource;
import io.parley.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Turns a conversation into the tokens that a model continues, by the Jinja template of its files.
 * A template sees {@code messages}, {@code add_generation_prompt}, {@code bos_token}, {@code
 * eos_token} and the function {@code raise_exception}. Thread-safe.
 *
 * <p>The first rendering takes long, see {@link #warmUp()}; later ones well below a millisecond for
 * short conversations.
 */
public final class ChatTemplate {
  /** Characters of a conversation, all texts together. */
  public static final int MAX_CONVERSATION_LENGTH = JinjaRenderer.MAX_OUTPUT_LENGTH / 2;

  /** Turns of a conversation. */
  public static final int MAX_TURNS = JinjaRenderer.MAX_ELEMENTS - 1;

  private static final String KEY = "tokenizer.chat_template";
  private static final String PROBE = "Probe5e1f0a";

  private final Tokenizer tokenizer;
  private final PromptGuard guard;
  private final JinjaRenderer renderer;
  private final String beginText;
  private final String endText;
  private @Nullable Boolean readsSystemPrompt;

  /**
   * A template for a tokenizer; its syntax is checked by the first rendering.
   *
   * @throws IllegalArgumentException if the tokenizer has a special token of one character
   */
  public ChatTemplate(String source, Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.guard = new PromptGuard(tokenizer.specialTokens().keySet());
    this.renderer = new JinjaRenderer(source);
    this.beginText = text(tokenizer.beginToken());
    this.endText = text(tokenizer.endToken());
  }

  /**
   * The template of a model.
   *
   * @throws ModelFileException if the model has none, or its special tokens cannot be guarded
   */
  public static ChatTemplate from(ModelSource model, Tokenizer tokenizer) {
    String source =
        model
            .metadata()
            .findString(KEY)
            .orElseThrow(
                () ->
                    model
                        .metadata()
                        .failure(
                            KEY,
                            "is missing: the model has no chat template, so the model"
                                + " cannot hold a conversation"));
    try {
      return new ChatTemplate(source, tokenizer);
    } catch (IllegalArgumentException e) {
      throw model.metadata().failure("tokenizer.ggml", String.valueOf(e.getMessage()));
    }
  }

  private String text(OptionalInt token) {
    return token.isPresent() ? tokenizer.decode(new int[] {token.getAsInt()}) : "";
  }

  /**
   * The tokens of a conversation. Special tokens among them come from the template alone, whatever
   * the texts spell.
   *
   * @param system the system prompt, empty if there is none
   * @param turns at least one, at most {@link #MAX_TURNS}; if the last is the assistant's, its text
   *     follows the template's invitation to answer, for the model to go on with
   * @throws ParleyException INVALID_REQUEST if the template refuses the conversation or cannot be
   *     rendered, or there are too many turns; REQUEST_TOO_LARGE if the texts are longer than
   *     {@link #MAX_CONVERSATION_LENGTH} together
   */
  public int[] render(String system, List<Turn> turns) {
    requireWithinLimits(system, turns);
    boolean continued = turns.getLast().role() == Turn.Role.ASSISTANT;
    List<Turn> rendered = continued ? turns.subList(0, turns.size() - 1) : turns;
    char guardCharacter = chooseGuard(system, turns);
    String text = renderer.render(variables(system, rendered, guardCharacter));
    int[] prompt = tokenizer.encodeWithSpecialTokens(text, guardCharacter);
    return continued ? join(prompt, tokenizer.encode(turns.getLast().text())) : prompt;
  }

  private static void requireWithinLimits(String system, List<Turn> turns) {
    if (turns.isEmpty() || turns.size() > MAX_TURNS) {
      throw ParleyException.invalid(
          "messages: there must be 1 to %d, not %d".formatted(MAX_TURNS, turns.size()));
    }
    long length = system.length() + turns.stream().mapToLong(turn -> turn.text().length()).sum();
    if (length > MAX_CONVERSATION_LENGTH) {
      throw new ParleyException(
          ErrorCode.REQUEST_TOO_LARGE,
          "messages: system prompt and texts have %d characters, more than %d"
              .formatted(length, MAX_CONVERSATION_LENGTH));
    }
  }

  private static char chooseGuard(String system, List<Turn> turns) {
    List<String> texts = new ArrayList<>();
    texts.add(system);
    turns.forEach(turn -> texts.add(turn.text()));
    return (char)
        PromptGuard.choose(texts)
            .orElseThrow(
                () ->
                    ParleyException.invalid(
                        "messages: texts must not use all of the noncharacters U+FDD0 to U+FDEF"));
  }

  private Map<String, Object> variables(String system, List<Turn> turns, char guardCharacter) {
    List<Map<String, Object>> messages = new ArrayList<>();
    if (!system.isEmpty()) {
      messages.add(message("system", guard.guard(system, guardCharacter)));
    }
    for (Turn turn : turns) {
      messages.add(message(turn.role().templateName(), guard.guard(turn.text(), guardCharacter)));
    }
    Map<String, Object> variables = new HashMap<>();
    variables.put("messages", messages);
    variables.put("add_generation_prompt", true);
    variables.put("bos_token", beginText);
    variables.put("eos_token", endText);
    return variables;
  }

  private static Map<String, Object> message(String role, String content) {
    Map<String, Object> message = new HashMap<>();
    message.put("role", role);
    message.put("content", content);
    return message;
  }

  private static int[] join(int[] first, int[] second) {
    int[] out = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, out, first.length, second.length);
    return out;
  }

  /**
   * Whether a system prompt reaches the model, found out by rendering one; a template that refuses
   * it does not read it.
   */
  public synchronized boolean readsSystemPrompt() {
    if (readsSystemPrompt == null) {
      readsSystemPrompt = probe();
    }
    return readsSystemPrompt;
  }

  private boolean probe() {
    try {
      String text = renderer.render(variables(PROBE, List.of(Turn.user("Hello")), (char) 0xfdd0));
      return text.contains(PROBE);
    } catch (ParleyException e) {
      return false;
    }
  }

  /**
   * Renders once, so that the first request need not wait for half a second of class loading. Meant
   * for a thread beside the one that starts the server.
   */
  public void warmUp() {
    readsSystemPrompt();
  }
}
