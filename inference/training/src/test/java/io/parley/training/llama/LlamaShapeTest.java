package io.parley.training.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.ParleyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlamaShapeTest {
  @ParameterizedTest
  @CsvSource({"mini, 1443456", "base, 5246208"})
  void theModelsThatShipHaveTheSizesOfTheirCards(String preset, int parameters) {
    assertThat(new ParameterLayout(LlamaShape.preset(preset, 2048)).size()).isEqualTo(parameters);
  }

  @Test
  void aPresetThatIsNotThereIsRefusedWithThoseThatAre() {
    assertThatThrownBy(() -> LlamaShape.preset("huge", 2048))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("huge")
        .hasMessageContaining("toy, mini and base");
  }

  @Test
  void sizesThatDoNotFitAreRefusedByName() {
    assertThatThrownBy(() -> new LlamaShape(10, 30, 1, 4, 2, 8, 16, 1e4f))
        .hasMessageContaining("heads");
    assertThatThrownBy(() -> new LlamaShape(10, 12, 1, 4, 2, 8, 16, 1e4f))
        .hasMessageContaining("even");
    assertThatThrownBy(() -> new LlamaShape(10, 32, 1, 4, 3, 8, 16, 1e4f))
        .hasMessageContaining("kvHeads");
  }

  @Test
  void theLayoutHasNoGaps() {
    ParameterLayout layout = new ParameterLayout(LlamaShape.toy(100));
    int offset = 0;
    for (Parameter parameter : layout.parameters()) {
      assertThat(parameter.offset()).as(parameter.name()).isEqualTo(offset);
      offset += parameter.size();
    }
    assertThat(offset).isEqualTo(layout.size());
  }
}
