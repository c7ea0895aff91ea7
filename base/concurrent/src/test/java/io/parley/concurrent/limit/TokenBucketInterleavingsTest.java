package io.parley.concurrent.limit;

import io.parley.concurrent.Interleavings;
import io.parley.concurrent.VirtualClock;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * Taking and bringing back, in any order, from a bucket that has earned something since it was last
 * looked at. Time stands still meanwhile: what holds if it does not is in {@link TokenBucketTest}.
 */
public class TokenBucketInterleavingsTest {
  private final VirtualClock clock = new VirtualClock();
  private final TokenBucket bucket = new TokenBucket(3, 1, 10, clock);

  public TokenBucketInterleavingsTest() {
    bucket.tryTake(3);
    clock.advance(17);
  }

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

  @Test
  void isLinearizableUnderAllSwitchesThatWereTried() {
    Interleavings.modelCheck(TokenBucketInterleavingsTest.class);
  }

  @Test
  void isLinearizableUnderStress() {
    Interleavings.stress(TokenBucketInterleavingsTest.class);
  }
}
