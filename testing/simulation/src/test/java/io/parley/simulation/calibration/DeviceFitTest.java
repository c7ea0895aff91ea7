package io.parley.simulation.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.simulation.calibration.DeviceFit.Contexts;
import io.parley.simulation.calibration.DeviceFit.Measured;
import io.parley.simulation.device.Device;
import io.parley.simulation.device.Efficiency;
import io.parley.simulation.device.Preset;
import io.parley.simulation.device.Roofline;
import io.parley.simulation.device.Work;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class DeviceFitTest {
  @Test
  void findsTheDeviceThatTheTimesWereMadeWith() {
    Preset preset = Preset.named("cpu-parley-base");
    Efficiency efficiency = new Efficiency(new int[] {1, 16, 128}, new double[] {0.2, 0.4, 1});
    Device made = new Device("made", 2e11, 1e12, 1 << 30, efficiency, 0.05, 1, 5e9, 0);
    Roofline roofline = new Roofline(made, preset.model());
    Device fitted =
        DeviceFit.fit(
            "fitted",
            preset.model(),
            1 << 30,
            List.of(
                contexts(roofline, StepShape.decode(8, 64), StepShape.decode(8, 1024)),
                contexts(roofline, StepShape.decode(2, 100), StepShape.decode(2, 900)),
                contexts(roofline, StepShape.prefill(128, 0), StepShape.prefill(128, 896))),
            Stream.of(StepShape.decode(1, 64), StepShape.decode(16, 64), StepShape.prefill(128, 0))
                .map(shape -> measured(roofline, shape))
                .toList());
    Roofline same = new Roofline(fitted, preset.model());
    for (StepShape other :
        List.of(
            StepShape.decode(4, 300), StepShape.prefill(64, 500), new StepShape(9, 70, 80, 10))) {
      assertThat(same.stepNanos(other.work()))
          .isCloseTo(roofline.stepNanos(other.work()), Percentage.withPercentage(1));
    }
  }

  private static Contexts contexts(Roofline roofline, StepShape shorter, StepShape longer) {
    return new Contexts(measured(roofline, shorter), measured(roofline, longer));
  }

  private static Measured measured(Roofline roofline, StepShape shape) {
    return new Measured(shape.work(), roofline.stepNanos(shape.work()));
  }

  @Test
  void aShapeCountsItsWork() {
    // Two decode at 10 and attend to 11 each; three tokens from 5 on attend to 6 + 7 + 8.
    assertThat(new StepShape(2, 10, 3, 5).work()).isEqualTo(new Work(5, 3, 22 + 21, 22 + 8));
    assertThat(new StepShape(2, 10, 3, 5).describe())
        .isEqualTo("2 × decode at 10 + prompt 3 from 5");
  }
}
