package io.parley.model.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.model.gguf.GgufFile;
import io.parley.model.gguf.GgufWriter;
import io.parley.model.source.ModelFileException;
import io.parley.model.tokenizer.BytePairTokenizer;
import io.parley.model.tokenizer.SampleVocabulary;
import io.parley.model.tokenizer.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {
  private static final Vocabulary VOCABULARY = SampleVocabulary.learn("qwen2", 100);
  private static final BytePairTokenizer TOKENIZER = new BytePairTokenizer(VOCABULARY);

  private static final String OURS =
      "<|begin|>{% for message in messages %}{% if message['role'] != 'system' %}"
          + "<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endif %}{% endfor %}"
          + "{% if add_generation_prompt %}<|assistant|>{% endif %}";

  /** In the manner of most templates: whitespace control, system prompt first, filters, raising. */
  private static final String RICH =
      """
      {%- if messages[0]['role'] == 'system' -%}
          {%- set system_message = messages[0]['content'] | trim -%}
          {%- set rest = messages[1:] -%}
      {%- else -%}
          {%- set system_message = '' -%}
          {%- set rest = messages -%}
      {%- endif -%}
      {{ bos_token }}
      {%- if system_message != '' %}
      <|system|>{{ system_message + '\\n' }}{{ eos_token }}
      {%- endif %}
      {%- for message in rest %}
          {%- if (message.role == 'user') != (loop.index0 % 2 == 0) %}
              {{ raise_exception('Roles must alternate') }}
          {%- endif %}
          {{- '<|' ~ message.role ~ '|>' + message.content | trim }}
          {%- if not loop.last %}{{ eos_token }}{% endif %}
      {%- endfor %}
      {% if tools is defined and tools %}tools{% endif %}
      {{- '<|assistant|>\\n' if add_generation_prompt }}
      """;

  private static final ChatTemplate TEMPLATE = new ChatTemplate(OURS, TOKENIZER);

  private static String text(ChatTemplate template, String system, Turn... turns) {
    return TOKENIZER.decode(template.render(system, List.of(turns)));
  }

  @Test
  void rendersAConversation() {
    int[] tokens =
        TEMPLATE.render(
            "", List.of(Turn.user("Hello"), Turn.assistant("Yes?"), Turn.user("the end")));
    assertThat(TOKENIZER.decode(tokens))
        .isEqualTo(
            "<|begin|><|user|>Hello<|end|><|assistant|>Yes?<|end|><|user|>the end<|end|><|assistant|>");
    assertThat(IntStream.of(tokens).filter(TOKENIZER::isSpecial))
        .containsExactly(0, 2, 1, 3, 1, 2, 1, 3);
  }

  @Test
  void continuesTheLastTurnOfTheAssistant() {
    int[] tokens = TEMPLATE.render("", List.of(Turn.user("Hi"), Turn.assistant("The <|end|>")));
    assertThat(TOKENIZER.decode(tokens))
        .isEqualTo("<|begin|><|user|>Hi<|end|><|assistant|>The <|end|>");
    assertThat(IntStream.of(tokens).filter(TOKENIZER::isSpecial)).containsExactly(0, 2, 1, 3);
  }

  /** What the Python implementation of Jinja renders. */
  @Test
  void rendersATemplateWithAllThatIsUsual() {
    ChatTemplate rich = new ChatTemplate(RICH, TOKENIZER);
    assertThat(text(rich, " Be kind. ", Turn.user(" a "), Turn.assistant("b"), Turn.user("c")))
        .isEqualTo(
            "<|begin|><|system|>Be kind.\n<|end|><|user|>a<|end|><|assistant|>b<|end|><|user|>c<|assistant|>\n");
    assertThat(text(rich, "", Turn.user("a"))).isEqualTo("<|begin|><|user|>a<|assistant|>\n");
  }

  @Test
  void userTextNeverBecomesASpecialToken() {
    List<String> parts =
        List.of(
            "<|end|>",
            "<|",
            "end",
            "|>",
            "<|end|",
            "|end|>",
            "<|END|>",
            "<",
            ">",
            "user",
            " ",
            "\ufdd0",
            "\ufdd1",
            "{{ eos_token }}",
            "{% raw %}",
            "<|<|end|>end|>",
            "x");
    Random random = new Random(4);
    for (int round = 0; round < 300; round++) {
      String first = join(parts, random);
      String second = join(parts, random);
      int[] tokens =
          TEMPLATE.render("", List.of(Turn.user(first), Turn.assistant(second), Turn.user(first)));
      assertThat(TOKENIZER.decode(tokens))
          .isEqualTo(
              "<|begin|><|user|>%s<|end|><|assistant|>%s<|end|><|user|>%s<|end|><|assistant|>"
                  .formatted(first, second, first));
      assertThat(IntStream.of(tokens).filter(TOKENIZER::isSpecial))
          .containsExactly(0, 2, 1, 3, 1, 2, 1, 3);
    }
  }

  private static String join(List<String> parts, Random random) {
    StringBuilder out = new StringBuilder();
    random.ints(random.nextInt(8), 0, parts.size()).mapToObj(parts::get).forEach(out::append);
    return out.toString();
  }

  @Test
  void aTemplateCannotCompleteWhatAUserBegan() {
    ChatTemplate careless =
        new ChatTemplate(
            "{% for m in messages %}{{ m.content | lower }}|end|>{% endfor %}", TOKENIZER);
    for (String text : List.of("<", "a<", "<|END|>", "<|Begin|>")) {
      int[] tokens = careless.render("", List.of(Turn.user(text)));
      assertThat(IntStream.of(tokens).filter(TOKENIZER::isSpecial)).isEmpty();
    }
    ChatTemplate around = new ChatTemplate("<|{{ messages[0].content }}|>", TOKENIZER);
    int[] tokens = around.render("", List.of(Turn.user("user")));
    assertThat(IntStream.of(tokens).filter(TOKENIZER::isSpecial)).isEmpty();
  }

  @Test
  void textWithEveryGuardIsRefused() {
    StringBuilder all = new StringBuilder();
    for (char c = 0xfdd0; c <= 0xfdef; c++) {
      all.append(c);
    }
    String most = all.substring(0, 31);
    assertThat(text(TEMPLATE, "", Turn.user(most + "<|end|>"))).contains(most + "<|end|><|end|>");
    assertThatThrownBy(() -> TEMPLATE.render("", List.of(Turn.user(all.toString()))))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("noncharacters");
  }

  @Test
  void knowsWhetherATemplateReadsASystemPrompt() {
    assertThat(TEMPLATE.readsSystemPrompt()).isFalse();
    assertThat(new ChatTemplate(RICH, TOKENIZER).readsSystemPrompt()).isTrue();
    String refusing =
        "{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}";
    assertThat(new ChatTemplate(refusing, TOKENIZER).readsSystemPrompt()).isFalse();
  }

  @Test
  void passesOnWhatATemplateRaises() {
    ChatTemplate rich = new ChatTemplate(RICH, TOKENIZER);
    assertThatThrownBy(() -> rich.render("", List.of(Turn.user("a"), Turn.user("b"))))
        .isInstanceOf(ParleyException.class)
        .hasMessage("the model's chat template refuses the conversation: Roles must alternate")
        .extracting(e -> ((ParleyException) e).code())
        .isEqualTo(ErrorCode.INVALID_REQUEST);
  }

  private static void cannotBeRendered(String source, String why) {
    assertThatThrownBy(
            () -> new ChatTemplate(source, TOKENIZER).render("", List.of(Turn.user("a"))))
        .as(source)
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("the model's chat template cannot be rendered: ")
        .hasMessageContaining(why);
  }

  @Test
  void whatCannotBeRenderedIsAnError() {
    cannotBeRendered("{% for m in messages %}", "endfor");
    cannotBeRendered("{{ messages[ }}", "messages[");
    cannotBeRendered("{{ 'a' | sparkle }}", "unknown filter sparkle");
    cannotBeRendered("{% if 'a' is sparkling %}x{% endif %}", "unknown test sparkling");
    cannotBeRendered("{% sparkle %}", "sparkle");
    cannotBeRendered("{{ sparkle() }}", "sparkle");
    cannotBeRendered("{{ 'a'.sparkle() }}", "sparkle");
  }

  @Test
  void aTemplateReachesNoFileAndNoClass() {
    cannotBeRendered("{% include '/etc/hostname' %}", "include");
    cannotBeRendered("{% import '/etc/hostname' as x %}", "import");
    cannotBeRendered("{{ messages.getClass() }}", "getClass");
    cannotBeRendered("{{ ''.getClass().forName('java.lang.Runtime') }}", "getClass");
  }

  @Test
  @Timeout(60)
  void aTemplateThatGoesOnForeverIsStopped() {
    String loop = "{% for i in range(9999) %}";
    cannotBeRendered(
        loop + loop + loop + "{% if i %}{% endif %}" + "{% endfor %}".repeat(3), "steps");
    cannotBeRendered(loop + loop + "x".repeat(500) + "{% endfor %}".repeat(2), "OutputTooBig");
    cannotBeRendered("{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}", "f");
  }

  @Test
  void limitsAreNamed() {
    assertThatThrownBy(() -> TEMPLATE.render("", List.of()))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("messages: there must be 1 to 9999, not 0");
    assertThatThrownBy(() -> TEMPLATE.render("", Collections.nCopies(10_000, Turn.user("a"))))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("not 10000");
    String half = "a".repeat(ChatTemplate.MAX_CONVERSATION_LENGTH / 2);
    assertThatThrownBy(() -> TEMPLATE.render("a", List.of(Turn.user(half), Turn.user(half))))
        .isInstanceOf(ParleyException.class)
        .extracting(e -> ((ParleyException) e).code())
        .isEqualTo(ErrorCode.REQUEST_TOO_LARGE);
  }

  @Test
  void aLongConversationIsRendered() {
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i < 4_999; i++) {
      turns.add(Turn.user("a"));
      turns.add(Turn.assistant("b"));
    }
    turns.add(Turn.user("c"));
    assertThat(TEMPLATE.render("", turns)).hasSize(1 + 3 * turns.size() + 1);
  }

  @Test
  void readsTheTemplateOfAFile(@TempDir Path directory) throws IOException {
    Path path = directory.resolve("t.gguf");
    Map<String, Object> metadata = VOCABULARY.metadata();
    GgufWriter.write(path, metadata, List.of());
    try (GgufFile file = GgufFile.open(path)) {
      assertThatThrownBy(() -> ChatTemplate.from(file, TOKENIZER))
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining("the model has no chat template");
    }
    metadata.put("tokenizer.chat_template", OURS);
    GgufWriter.write(path, metadata, List.of());
    try (GgufFile file = GgufFile.open(path)) {
      ChatTemplate template = ChatTemplate.from(file, BytePairTokenizer.from(file));
      assertThat(text(template, "", Turn.user("Hi")))
          .isEqualTo("<|begin|><|user|>Hi<|end|><|assistant|>");
    }
  }
}
