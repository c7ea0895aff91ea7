package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class Utf8BufferTest {
  @Property
  void whatIsEscapedReadsBackAsItWas(@ForAll String text) {
    String whole = new String(text.getBytes(StandardCharsets.UTF_16), StandardCharsets.UTF_16);
    assertThat(Events.json("\"" + escaped(text) + "\"").textValue()).isEqualTo(whole);
  }

  @Test
  void halfACharacterIsReplaced() {
    assertThat(escaped("a\ud83d")).isEqualTo("a\ufffd");
    assertThat(escaped("\ude00b")).isEqualTo("\ufffdb");
  }

  @Test
  void controlCharactersCannotEndALineOfTheStream() {
    assertThat(escaped("a\nb\rc\u0000")).isEqualTo("a\\nb\\rc\\u0000");
  }

  @Test
  void takingEmptiesIt() {
    Utf8Buffer buffer = new Utf8Buffer();
    buffer.appendEscaped("x".repeat(3 << 20));
    assertThat(buffer.takeBytes()).hasSize(3 << 20);
    assertThat(buffer.takeBytes()).isEmpty();
  }

  private static String escaped(String text) {
    return new String(new Utf8Buffer().appendEscaped(text).takeBytes(), StandardCharsets.UTF_8);
  }
}
