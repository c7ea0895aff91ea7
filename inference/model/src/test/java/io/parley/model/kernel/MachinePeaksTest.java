package io.parley.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MachinePeaksTest {
  @Test
  void figuresAreOperationsAndBytesByTheClock() {
    AtomicLong clock = new AtomicLong();
    // Each round takes one second by this clock.
    MachinePeaks peaks =
        new MachinePeaks(ComputePool.alone(), () -> clock.getAndAdd(500_000_000) * 2);
    assertThat(peaks.gigaflops()).isEqualTo(2.0 * 8 * Lanes.COUNT * 4_000_000 / 1e9);
    assertThat(peaks.gigabytesPerSecond()).isEqualTo((1 << 28) / 1e9);
    assertThat(MachinePeaks.vectorBits()).isEqualTo(Lanes.COUNT * 32);
  }
}
