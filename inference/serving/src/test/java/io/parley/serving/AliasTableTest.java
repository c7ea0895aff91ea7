package io.parley.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.ParleyException;
import io.parley.serving.AliasTable.Alias;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AliasTableTest {
  @Test
  void theFirstPatternThatMatchesCounts() {
    AliasTable table =
        new AliasTable(
            List.of(new Alias("claude-*-mini", "small"), new Alias("claude-*", "large")));
    assertThat(table.resolve("claude-9-mini")).contains("small");
    assertThat(table.resolve("claude-9")).contains("large");
    assertThat(table.resolve("claude")).isEmpty();
    assertThat(table.resolve("my-claude-9")).isEmpty();
  }

  @Test
  void aBlankPatternIsRefused() {
    assertThatThrownBy(() -> new Alias(" ", "large"))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("model_aliases");
  }

  @Test
  void matchesAsARegularExpressionWould() {
    SplittableRandom random = new SplittableRandom(5);
    int matches = 0;
    for (int i = 0; i < 20_000; i++) {
      String pattern = random(random, "ab**.", random.nextInt(1, 7));
      String name = random(random, "ab.", random.nextInt(8));
      boolean expected = asRegex(pattern).matcher(name).matches();
      assertThat(new Alias(pattern, "m").matches(name))
          .as(pattern + " " + name)
          .isEqualTo(expected);
      matches += expected ? 1 : 0;
    }
    assertThat(matches).isBetween(1000, 19_000);
  }

  private static Pattern asRegex(String pattern) {
    return Pattern.compile(
        pattern
            .chars()
            .mapToObj(c -> c == '*' ? ".*" : Pattern.quote(Character.toString(c)))
            .collect(Collectors.joining()));
  }

  private static String random(SplittableRandom random, String alphabet, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
