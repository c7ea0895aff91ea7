package io.parley.safety.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleFileTest {
  @Test
  void theShippedRulesHaveAVersion() {
    assertThat(RuleSet.shipped().version()).matches("[0-9.]+");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      textBlock =
          """
          frob x                                            # line 2: frob is none of
          category A B                                      # line 2: a category has
          screens inside                                    # line 2: inside is neither
          near 0                                            # line 2: near needs a number
          any x                                             # line 2: any belongs under near
          shape abc                                         # line 2: a rule needs a category
          category a; shape abc                             # line 3: category a needs a screens line
          category a; screens input; near 3; shape abc      # line 5: near needs at least one any
          category a; screens input; near 3; any X          # line 5: "X" is not a phrase
          category a; screens input; shape [ab              # line 4: [ without ]
          category a; screens input; shape a{0}             # line 4: {0} is not a number
          category a; screens input; shape a{2              # line 4: { without }
          category a; screens input; shape a{65}            # line 4: a shape has 1 to 64
          category a; screens input; shape ä                # line 4: only printable ASCII
          """)
  void whatIsWrongIsNamedWithItsLine(String lines, String message) {
    assertThatThrownBy(() -> RuleSet.parse("version 1\n" + lines.replace("; ", "\n")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aVersionIsRequired() {
    assertThatThrownBy(() -> RuleSet.parse("# nothing")).hasMessageContaining("version");
  }
}
