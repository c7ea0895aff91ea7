package io.parley.model.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.ParleyException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The templates of the families, shortened where they write down tools, and what the Python
 * implementation of Jinja (3.1.6, as Hugging Face's library sets it up) makes of them.
 */
class FamilyTemplatesTest {
  private static final List<Map<String, Object>> PLAIN = List.of(message("user", " Hello? "));

  private static final List<Map<String, Object>> TALK =
      List.of(
          message("system", "Be brief. "),
          message("user", " Hello? "),
          message("assistant", "<think>\nhm\n</think>\n\n Yes. "),
          message("user", "Why \"so\"?"));

  private static Map<String, Object> message(String role, String content) {
    return Map.of("role", role, "content", content);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = FamilyTemplatesTest.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError(name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String render(String family, List<Map<String, Object>> messages)
      throws IOException {
    return new JinjaRenderer(resource(family + ".jinja"))
        .render(
            Map.of(
                "messages",
                messages,
                "add_generation_prompt",
                true,
                "bos_token",
                "<s>",
                "eos_token",
                "</s>"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama-2",
        "llama-3.1",
        "mistral-v0.3",
        "tinyllama",
        "smollm2",
        "qwen2.5",
        "qwen3",
        "gemma-2",
        "gemma-3"
      })
  void rendersWhatJinjaRenders(String family) throws IOException {
    assertThat(render(family, PLAIN)).isEqualTo(resource(family + ".plain.txt"));
    String talk = resource(family + ".talk.txt");
    if (talk.startsWith("error: ")) {
      assertThatThrownBy(() -> render(family, TALK))
          .isInstanceOf(ParleyException.class)
          .hasMessageContaining(talk.substring("error: ".length()));
    } else {
      assertThat(render(family, TALK)).isEqualTo(talk);
    }
  }

  private static String render(String template) {
    return new JinjaRenderer(template).render(Map.of("text", " a<b>c ", "list", List.of(1, 2, 3)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ text.strip() }}=a<b>c",
        "{{ text.lstrip() }}=a<b>c ",
        "{{ text.rstrip() + '.' }}= a<b>c.",
        "{{ text.strip(' a') }}=<b>c",
        "{{ text.strip().split('<b>')[-1] }}=c",
        "{{ text.split('<b>')[0].lstrip(' ') }}=a",
        "{{ text.split()[0] }}=a<b>c",
        "{{ 'yes' if text.startswith(' a') and not text.endswith('c') }}=yes",
        "{{ text.upper().lower().replace('<b>', '') }}= ac ",
        "{% for i in list[::-1] %}{{ i }}{% endfor %}=321",
        "{% set n = namespace(a=list|length - 1, b=[1, (2)], c=') ,') %}{{ n.a ~ n.b[1] ~ n.c }}=22) ,",
        "{% set n = namespace() %}{% set n.a = 4 %}{{ n.a }}=4",
      })
  void callsTheMethodsOfPythonStrings(String templateAndOutput) {
    int at = templateAndOutput.lastIndexOf("}=") + 1;
    assertThat(render(templateAndOutput.substring(0, at)))
        .isEqualTo(templateAndOutput.substring(at + 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ text.casefold() }}",
        "{{ text.split('') }}",
        "{{ text | unheard_of }}",
        "{% if text is unheard_of %}x{% endif %}",
        "{{ text.getClass().getName() }}",
        "{{ list[::2] }}",
        "{% unheard_of %}",
        "{{ text",
      })
  void refusesWhatItCannotRender(String template) {
    assertThatThrownBy(() -> render(template))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("chat template");
  }

  @Test
  void aTemplateDoesNotSeeItsOwnVariablesOfAnotherRendering() {
    JinjaRenderer renderer = new JinjaRenderer("{{ x is defined }}{% set x = 1 %}");
    assertThat(renderer.render(Map.of())).isEqualTo("false");
    assertThat(renderer.render(Map.of())).isEqualTo("false");
  }
}
