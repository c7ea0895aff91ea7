package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.ParleyException;
import io.parley.engine.sampling.SamplingParameters;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitsTest {
  @Test
  void theBlocksMustHoldOneContext() {
    assertThatThrownBy(() -> new EngineLimits(33, 2, 16, 8, 8, 8))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("blocks")
        .hasMessageContaining("3");
  }

  @Test
  void theBatchMustHoldOneTokenOfEverySequence() {
    assertThatThrownBy(() -> new EngineLimits(16, 1, 16, 7, 8, 8))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("max_batch_tokens");
  }

  @Test
  void theWorstCaseDoesNotOverflow() {
    EngineLimits limits = new EngineLimits(33, 3, 16, 8, 8, 8);
    assertThat(limits.worstCaseBlocks(request(3, Integer.MAX_VALUE))).isEqualTo(3);
    assertThat(limits.worstCaseBlocks(request(3, 13))).isEqualTo(1);
    assertThat(limits.worstCaseBlocks(request(3, 14))).isEqualTo(2);
  }

  @Test
  void aRequestNamesTheFieldThatIsWrong() {
    assertRefused("prompt", new int[0], 1, List.of());
    assertRefused("max_tokens", new int[1], 0, List.of());
    assertRefused("stop_sequences", new int[1], 1, Collections.nCopies(257, "x"));
    assertRefused("stop_sequences[1]", new int[1], 1, List.of("x", ""));
    assertRefused("stop_sequences[0]", new int[1], 1, List.of("x".repeat(4097)));
    assertRefused("stop_sequences[0]", new int[1], 1, List.of("x\ud83d"));
  }

  private static void assertRefused(String field, int[] prompt, int maxTokens, List<String> stops) {
    assertThatThrownBy(
            () -> new SequenceRequest(prompt, maxTokens, SamplingParameters.GREEDY, stops))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining(field);
  }

  private static SequenceRequest request(int promptTokens, int maxTokens) {
    return new SequenceRequest(
        new int[promptTokens], maxTokens, SamplingParameters.GREEDY, List.of());
  }
}
