package io.parley.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The keys of blocks in the prefix cache: the key of a block is a hash of the key before it and of
 * its own tokens, so that one number stands for all that precedes. The chain begins with a hash of
 * the organisation.
 *
 * <p>SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012) under a secret
 * key: a client that does not know it can neither tell which prompts collide nor make many that do.
 * About a tenth of a microsecond for a block of 16 tokens. Not thread-safe.
 */
final class BlockHash {
  private final long key0;
  private final long key1;
  private final ByteBuffer message;
  private final int blockTokens;

  BlockHash(long key0, long key1, int blockTokens) {
    this.key0 = key0;
    this.key1 = key1;
    this.blockTokens = blockTokens;
    this.message =
        ByteBuffer.allocate(Long.BYTES + blockTokens * Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What stands in the place of a parent's key for the first block of a prompt. */
  long seed(String organisation) {
    return hash(ByteBuffer.wrap(organisation.getBytes(StandardCharsets.UTF_8)));
  }

  /** The key of the block whose tokens begin at {@code from}. */
  long next(long parentKey, int[] tokens, int from) {
    message.clear();
    message.putLong(parentKey);
    for (int i = from; i < from + blockTokens; i++) {
      message.putInt(tokens[i]);
    }
    return hash(message.flip());
  }

  /** SipHash-2-4 of what remains in the buffer. */
  long hash(ByteBuffer bytes) {
    ByteBuffer in = bytes.order(ByteOrder.LITTLE_ENDIAN);
    State state = new State(key0, key1);
    long last = (long) in.remaining() << 56;
    while (in.remaining() >= Long.BYTES) {
      state.absorb(in.getLong());
    }
    for (int shift = 0; in.hasRemaining(); shift += Byte.SIZE) {
      last |= (in.get() & 0xffL) << shift;
    }
    state.absorb(last);
    return state.finish();
  }

  private static final class State {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    State(long key0, long key1) {
      v0 = key0 ^ 0x736f6d6570736575L;
      v1 = key1 ^ 0x646f72616e646f6dL;
      v2 = key0 ^ 0x6c7967656e657261L;
      v3 = key1 ^ 0x7465646279746573L;
    }

    void absorb(long word) {
      v3 ^= word;
      round();
      round();
      v0 ^= word;
    }

    long finish() {
      v2 ^= 0xff;
      for (int i = 0; i < 4; i++) {
        round();
      }
      return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
    }
  }
}
