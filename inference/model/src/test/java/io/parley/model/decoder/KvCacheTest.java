package io.parley.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.model.kernel.Kernels;
import io.parley.model.tensor.TensorType;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KvCacheTest {
  /** Llama 3.2 1B. */
  private static final DecoderConfig ONE_BILLION =
      new DecoderConfig(128_256, 8_192, 2_048, 16, 32, 8, 64, 8_192, 1e-5f, plain(16));

  private static final DecoderConfig TINY =
      new DecoderConfig(8, 16, 8, 2, 4, 2, 4, 8, 1e-5f, plain(2));

  private static DecoderVariant plain(int layers) {
    LayerAttention unrotated = new LayerAttention(Optional.empty(), LayerAttention.ALL);
    return DecoderVariant.plain(LayerAttention.each(layers, _ -> unrotated));
  }

  @Test
  void sixteenStreamsOf2KOfAModelOfABillionWeightsFitInThreeGigabytes() {
    long attention = 2L * 2_048 * (2_048 + 512);
    long feedForward = 3L * 2_048 * 8_192;
    long weights = 128_256L * 2_048 + 16 * (attention + feedForward);
    long blocks = 16 * 2_048 / 16;
    long halves = blocks * KvCache.bytesPerBlock(ONE_BILLION, 16, KvCacheType.F16);
    assertThat(halves).isEqualTo(1L << 30);
    assertThat(TensorType.Q8_0.bytes(weights) + halves).isLessThan(2_500_000_000L);
    assertThat(KvCache.bytesPerBlock(ONE_BILLION, 16)).isEqualTo(2 * halves / blocks);
  }

  @ParameterizedTest
  @EnumSource(KvCacheType.class)
  void givesBackWhatWasStoredKeysByDimensionAndValuesBySlot(KvCacheType type) {
    KvCache cache = new KvCache(TINY, 3, 5, type);
    float[] key = {9, 1, 2, 3, 4, 5, 6, 7, 8};
    float[] value = {9, -1, -2, -3, -4, -5, -6, -7, -8};
    cache.store(1, 2, 3, key, value, 1);
    float[] out = new float[21];
    cache.readKeys(1, 2, 1, Kernels.scalar(), out, 1);
    assertThat(out[1 + 2 * 5 + 3]).isEqualTo(7);
    cache.readValues(1, 2, 1, Kernels.scalar(), out, 1);
    assertThat(out[1 + 3 * 4 + 2]).isEqualTo(-7);
    cache.readValues(0, 2, 1, Kernels.scalar(), out, 1);
    assertThat(out[1 + 3 * 4 + 2]).isZero();
  }

  @Test
  void halvesStayFinite() {
    KvCache cache = new KvCache(TINY, 1, 1, KvCacheType.F16);
    float[] huge = {1e9f, -1e9f, 0, 0, 0, 0, 0, 0};
    cache.store(0, 0, 0, huge, huge, 0);
    float[] out = new float[4];
    cache.readValues(0, 0, 0, Kernels.scalar(), out, 0);
    assertThat(out).containsExactly(65_504, -65_504, 0, 0);
  }

  @Test
  void sizesThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> new KvCache(TINY, 0, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be at least 1, not 0 and 4");
  }
}
