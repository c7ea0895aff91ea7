package io.parley.simulation.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.parley.common.ParleyException;
import io.parley.engine.ScheduledSequence;
import io.parley.engine.StepPlan;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every expected number is worked out by hand in the comment beside it. */
class RooflineTest {
  private static final ModelShape MODEL =
      new ModelShape("m", 1_000_000_000, 100_000_000, 50_000_000, 2, 10, 4, 2, 16, 2);
  private static final Device DEVICE =
      new Device(
          "d",
          1e12,
          1e11,
          10_000_000_000L,
          Efficiency.constant(0.5),
          0.25,
          0.8,
          Double.POSITIVE_INFINITY,
          1_000_000);
  private final Roofline roofline = new Roofline(DEVICE, MODEL);

  @Test
  void aTokenTakesTheMemoryOfItsKeysAndValues() {
    assertThat(MODEL.kvBytesPerToken()).isEqualTo(1280); // 2 × 10 layers × 2 heads × 16 × 2 bytes
    assertThat(MODEL.attentionFlopsPerPosition()).isEqualTo(2560); // 4 × 10 layers × 4 heads × 16
    assertThat(MODEL.weightBytes()).isEqualTo(2_300_000_000L); // 1.15e9 × 2
  }

  @Test
  void decodingOneSequenceIsBoundByMemory() {
    // Weights 2.2e9 bytes, context 1000 × 1280 = 1.28e6: 2.20128e9 / 0.8 / 1e11 = 27.516 ms.
    // Compute: (2.2e9 / 0.5 + 2.56e6 / 0.25) / 1e12 = 4.41 ms.
    assertThat(roofline.stepNanos(new Work(1, 1, 1000, 1000))).isEqualTo(28_516_000);
  }

  @Test
  void aPromptIsBoundByCompute() {
    // Matrices (2e9 × 100 + 2e8) / 0.5 = 4.004e11, attention 5050 × 2560 / 0.25 = 5.1712e7.
    assertThat(roofline.stepNanos(new Work(100, 1, 5050, 100))).isEqualTo(401_451_712);
  }

  @Test
  void weightsAreReadOnceForAllSequences() {
    long one = roofline.stepNanos(new Work(1, 1, 1, 1));
    // Three more sequences of one token add 3 × 1280 bytes, 16 ns each; compute is 17.6 ms yet.
    assertThat(roofline.stepNanos(new Work(4, 4, 4, 4)) - one).isEqualTo(48);
  }

  @Test
  void whereReadingTheContextOverlapsWithNothingItIsAdded() {
    Device waiting =
        new Device("w", 1e12, 1e15, 1 << 30, Efficiency.constant(0.5), 0.25, 1, 1e9, 0);
    // 4.41024 ms of compute as above, and 1.28e6 bytes at 1 GB/s.
    assertThat(new Roofline(waiting, MODEL).stepNanos(new Work(1, 1, 1000, 1000)))
        .isEqualTo(4_410_240 + 1_280_000);
  }

  @Test
  void countsOperationsAndBytes() {
    Work work = new Work(10, 2, 300, 200);
    assertThat(roofline.flops(work)).isEqualTo(2e10 + 4e8 + 300 * 2560);
    assertThat(roofline.bytes(work)).isEqualTo(2.2e9 + 200 * 1280);
  }

  @Test
  void thePlanSaysWhatThereIsToDo() {
    StepPlan plan =
        new StepPlan(
            List.of(
                new ScheduledSequence(1, new int[1], 41, new int[3], 1),
                new ScheduledSequence(2, new int[4], 10, new int[1], 0)));
    // One token attends to 42 positions; four from position 10 on to 11 + 12 + 13 + 14 = 50.
    assertThat(Work.of(plan)).isEqualTo(new Work(5, 1, 92, 42 + 14));
  }

  @Test
  void betweenTwoEntriesOfEfficiencyTheTimeGrowsEvenly() {
    Efficiency table = new Efficiency(new int[] {1, 4, 16}, new double[] {0.1, 0.3, 0.8});
    assertThat(table.at(1)).isEqualTo(0.1);
    // Times are 1 / 0.1 = 10, 4 / 0.3 = 13 1/3 and 16 / 0.8 = 20: a third of the way twice.
    assertThat(table.at(2)).isCloseTo(2 / (10 + 10 / 9.0), within(1e-12));
    assertThat(table.at(8)).isCloseTo(8 / (40 / 3.0 + 20 / 9.0), within(1e-12));
    assertThat(table.at(16)).isEqualTo(0.8);
    assertThat(table.at(1000)).isEqualTo(0.8);
  }

  @Test
  void whatCanBeNoDeviceIsRefusedByName() {
    assertThatThrownBy(() -> Efficiency.constant(1.1)).isInstanceOf(ParleyException.class);
    assertThatThrownBy(() -> new Efficiency(new int[] {2, 2}, new double[] {1, 1}))
        .hasMessageContaining("rise");
    assertThatThrownBy(() -> new Device("d", 1, 1, 1, Efficiency.constant(1), 0, 1, 1, 0))
        .hasMessageContaining("attention_share");
  }

  @Test
  void thePresetsAreTheModelsThatTheyName() {
    ModelShape small = Preset.named("h100-8b").model();
    assertThat(small.parameters()).isBetween(8_000_000_000L, 8_060_000_000L);
    assertThat(small.kvBytesPerToken()).isEqualTo(131_072); // 2 × 32 × 8 × 128 × 2
    ModelShape large = Preset.named("h100-70b").model();
    assertThat(large.parameters()).isBetween(70_000_000_000L, 71_000_000_000L);
    assertThat(large.kvBytesPerToken()).isEqualTo(327_680); // 2 × 80 × 8 × 128 × 2
    assertThat(Preset.ALL).allSatisfy(preset -> preset.limits(preset.maxBatchTokens()));
    assertThatThrownBy(() -> Preset.named("h200")).hasMessageContaining("h100-8b");
  }
}
