package io.parley.simulation.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.parley.simulation.calibration.DeviceFit.Measured;
import io.parley.simulation.device.ModelShape;
import io.parley.simulation.device.Preset;
import io.parley.simulation.device.Roofline;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private static final ModelShape MODEL = Preset.named("cpu-parley-base").model();
  private static final StepShape CHECK = StepShape.decode(18, 200); // no step of the fit

  private final Map<StepShape, Measured> measured = new HashMap<>();

  CalibrationTest() {
    Roofline machine = new Roofline(Preset.named("cpu-parley-base").device(), MODEL);
    for (StepShape shape : Calibration.shapes()) {
      measured.put(shape, new Measured(shape.work(), machine.stepNanos(shape.work())));
    }
  }

  @Test
  void aMachineThatIsLikeTheModelOfItPasses() {
    Calibration calibration = Calibration.of(MODEL, measured);
    assertThat(calibration.worstError()).isLessThan(0.05);
    assertThat(calibration.holds()).isTrue();
    assertThat(calibration.text()).contains("within the 15 % allowed", "18 × decode at 200");
  }

  @Test
  void oneCheckThatIsOffFails() {
    measured.computeIfPresent(
        CHECK, (_, right) -> new Measured(right.work(), right.nanos() * 5 / 4));
    Calibration calibration = Calibration.of(MODEL, measured);
    assertThat(calibration.worstError()).isCloseTo(0.2, within(0.03));
    assertThat(calibration.holds()).isFalse();
    assertThat(calibration.text()).contains("MORE THAN the 15 % allowed");
  }

  @Test
  void everyStepIsNeeded() {
    measured.remove(CHECK);
    assertThatThrownBy(() -> Calibration.of(MODEL, measured))
        .hasMessageContaining("18 × decode at 200");
  }
}
