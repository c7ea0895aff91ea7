package io.parley.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UlidTest {
  private long millis = 1_469_918_176_385L;
  private final Ulid ulid =
      new Ulid(
          new TimeSource() {
            @Override
            public long nanoTime() {
              return 0;
            }

            @Override
            public Instant now() {
              return Instant.ofEpochMilli(millis);
            }
          },
          new Random(1));

  @Test
  void beginsWithTheTimeOfTheSpecificationsExample() {
    assertThat(ulid.next()).hasSize(26).startsWith("01ARYZ6S41");
  }

  @Test
  void risesWithinAMillisecondAndWhenTheClockGoesBack() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      millis -= i % 3;
      ids.add(ulid.next());
    }
    assertThat(ids).isSorted().doesNotHaveDuplicates();
  }
}
