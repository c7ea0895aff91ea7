package io.parley.concurrent.limit;

import io.parley.concurrent.Interleavings;
import io.parley.concurrent.VirtualClock;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** Taking, bringing back and the passing of time, in any order. */
public class TokenBucketInterleavingsTest {
  private final VirtualClock clock = new VirtualClock();
  private final TokenBucket bucket = new TokenBucket(3, 1, 10, clock);

  @Operation
  public boolean tryTake(@Param(gen = IntGen.class, conf = "1:3") int tokens) {
    return bucket.tryTake(tokens);
  }

  @Operation
  public long reserve(@Param(gen = IntGen.class, conf = "1:3") int tokens) {
    return bucket.reserve(tokens, 20);
  }

  @Operation
  public void giveBack() {
    bucket.giveBack(1);
  }

  @Operation
  public long available() {
    return bucket.available();
  }

  @Operation
  public void timePasses() {
    clock.advance(7);
  }

  @Test
  void isLinearizableUnderAllSwitchesThatWereTried() {
    Interleavings.modelCheck(TokenBucketInterleavingsTest.class);
  }

  @Test
  void isLinearizableUnderStress() {
    Interleavings.stress(TokenBucketInterleavingsTest.class);
  }
}
