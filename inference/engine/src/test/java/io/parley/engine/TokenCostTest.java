package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.parley.common.ParleyException;
import org.junit.jupiter.api.Test;

class TokenCostTest {
  private static final TokenCost COST = new TokenCost(3, 5, 10);

  @Test
  void aTokenAtTheAttentionPositionCostsTwiceTheFirst() {
    assertThat(COST.prefill(0, 1)).isEqualTo(3);
    assertThat(COST.prefill(10, 11)).isEqualTo(6);
    assertThat(COST.decode(10, 11)).isEqualTo(10);
  }

  @Test
  void aPromptCostsTheSameInWhateverChunks() {
    double whole = COST.prefill(0, 100);
    double chunks = COST.prefill(0, 33) + COST.prefill(33, 34) + COST.prefill(34, 100);
    assertThat(chunks).isCloseTo(whole, within(1e-9));
    double single = 0;
    for (int position = 0; position < 100; position++) {
      single += 3 * (1 + position / 10.0);
    }
    assertThat(whole).isCloseTo(single, within(1e-9));
  }

  @Test
  void noTokensCostNothing() {
    assertThat(COST.prefill(7, 7)).isZero();
    assertThat(COST.decode(8, 7)).isZero();
  }

  @Test
  void ofADecoderAttentionCostsAsMuchAsItsWeightsAtTheirPosition() {
    TokenCost cost = TokenCost.ofDecoder(1_000_000, 10, 50);
    assertThat(cost.attentionPosition()).isEqualTo(1000);
    assertThat(cost.prefillToken()).isEqualTo(1);
  }

  @Test
  void refusesCostsThatAreNoCosts() {
    for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new TokenCost(wrong, 1, 1))
          .isInstanceOf(ParleyException.class)
          .hasMessageContaining("prefill_token");
      assertThatThrownBy(() -> new TokenCost(1, wrong, 1))
          .isInstanceOf(ParleyException.class)
          .hasMessageContaining("decode_token");
    }
    assertThatThrownBy(() -> new TokenCost(1, 1, 0))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("attention_position");
  }

  @Test
  void anInfiniteAttentionPositionMakesAttentionFree() {
    assertThat(new TokenCost(1, 2, Double.POSITIVE_INFINITY).decode(500, 510)).isEqualTo(20);
  }
}
