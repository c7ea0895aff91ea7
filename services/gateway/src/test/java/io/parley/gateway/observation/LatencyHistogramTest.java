package io.parley.gateway.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
  static final long LEAST = 16_384;

  @Property
  void aPercentileIsWithinAnEighthOfTheTrueOne(
      @ForAll @Size(min = 1, max = 200) List<@LongRange(min = LEAST, max = 1L << 40) Long> nanos,
      @ForAll @DoubleRange(min = 0.01, max = 1) double share) {
    LatencyHistogram histogram = new LatencyHistogram();
    nanos.forEach(histogram::record);
    int rank = (int) Math.ceil(share * nanos.size());
    double exact = nanos.stream().sorted().toList().get(rank - 1) / 1e6;
    assertThat(LatencyHistogram.percentileMs(histogram.counts(), share))
        .isBetween(exact / 1.126, exact * 1.126);
  }

  @Test
  void whatIsOutOfRangeCountsAtTheEnds() {
    LatencyHistogram histogram = new LatencyHistogram();
    histogram.record(-5);
    histogram.record(Long.MAX_VALUE);
    long[] counts = histogram.counts();
    assertThat(counts[0]).isEqualTo(1);
    assertThat(counts[LatencyHistogram.BUCKETS - 1]).isEqualTo(1);
  }

  @Test
  void nothingHasNoPercentiles() {
    assertThat(LatencyHistogram.percentileMs(new LatencyHistogram().counts(), 0.5)).isZero();
  }
}
