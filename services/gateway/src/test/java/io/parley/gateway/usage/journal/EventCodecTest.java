package io.parley.gateway.usage.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.parley.gateway.usage.UsageEvent;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EventCodecTest {
  @Property(tries = 200)
  void whatIsEncodedIsDecoded(@ForAll long seed) throws IOException {
    UsageEvent event = Events.random(new Random(seed), "req_" + seed);
    assertThat(EventCodec.decode(EventCodec.encode(event))).isEqualTo(event);
  }

  @Test
  void anEventOfANewerVersionIsRefused() {
    byte[] event = EventCodec.encode(Events.event("req_1", 1));
    event[0] = 99;
    assertThatIOException().isThrownBy(() -> EventCodec.decode(event)).withMessageContaining("99");
  }

  @Test
  void anEventThatIsCutOffIsRefusedWhereverItIsCut() {
    byte[] event = EventCodec.encode(Events.event("req_1", 1));
    for (int length = 0; length < event.length; length++) {
      byte[] part = Arrays.copyOf(event, length);
      assertThatIOException().isThrownBy(() -> EventCodec.decode(part));
    }
  }
}
