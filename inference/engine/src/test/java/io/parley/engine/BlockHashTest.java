package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BlockHashTest {
  /** The key 00 01 … 0f of the paper's test vectors. */
  private static final BlockHash HASH = new BlockHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L, 2);

  @Test
  void isSipHash() {
    // From the reference implementation: the messages are empty, 00, and 00 01 … 0e.
    assertThat(HASH.hash(bytes(0))).isEqualTo(0x726fdb47dd0e0e31L);
    assertThat(HASH.hash(bytes(1))).isEqualTo(0x74f839c593dc67fdL);
    assertThat(HASH.hash(bytes(15))).isEqualTo(0xa129ca6149be45e5L);
  }

  @Test
  void aKeyStandsForAllThatPrecedes() {
    int[] tokens = {1, 2, 3, 4};
    long first = HASH.next(HASH.seed("a"), tokens, 0);
    assertThat(HASH.next(first, tokens, 2))
        .isEqualTo(HASH.next(first, tokens.clone(), 2))
        .isNotEqualTo(HASH.next(first, tokens, 0))
        .isNotEqualTo(HASH.next(HASH.seed("a"), tokens, 2));
    assertThat(HASH.next(HASH.seed("b"), tokens, 0)).isNotEqualTo(first);
    assertThat(new BlockHash(1, 2, 2).seed("a")).isNotEqualTo(HASH.seed("a"));
  }

  private static ByteBuffer bytes(int count) {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    for (int i = 0; i < count; i++) {
      bytes.put((byte) i);
    }
    return bytes.flip();
  }
}
