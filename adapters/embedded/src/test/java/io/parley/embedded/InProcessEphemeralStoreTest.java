package io.parley.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.ephemeral.EphemeralStore;
import io.parley.ports.ephemeral.Update;
import io.parley.testkit.EphemeralStoreContract;
import io.parley.testkit.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InProcessEphemeralStoreTest extends EphemeralStoreContract {
  private final VirtualTime time = new VirtualTime();

  @Override
  protected EphemeralStore open() {
    return new InProcessEphemeralStore(time, 1_000_000);
  }

  @Override
  protected void pass(Duration by) {
    time.advance(by);
  }

  @Test
  void whatExpiredMakesRoom() {
    InProcessEphemeralStore store = new InProcessEphemeralStore(time, 1_000_000);
    for (int second = 0; second < 100_000; second++) {
      put(store, "k" + second, Duration.ofSeconds(10));
      pass(Duration.ofSeconds(1));
      assertThat(store.size()).isLessThanOrEqualTo(2_048);
    }
  }

  @Test
  void aFullStoreRefusesNewKeysAndServesThoseThatItHas() {
    InProcessEphemeralStore store = new InProcessEphemeralStore(time, 2);
    put(store, "a", Duration.ofSeconds(10));
    put(store, "b", Duration.ofSeconds(20));
    put(store, "a", Duration.ofSeconds(10));
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(() -> put(store, "c", Duration.ofSeconds(10)))
        .matches(e -> e.code() == ErrorCode.OVERLOADED);
    pass(Duration.ofSeconds(10));
    put(store, "c", Duration.ofSeconds(10));
    assertThat(store.get("b")).isPresent();
    assertThat(store.get("c")).isPresent();
    store.update("b", value -> Update.remove(0));
    put(store, "d", Duration.ofSeconds(10));
    assertThat(store.size()).isEqualTo(2);
  }

  private static void put(EphemeralStore store, String key, Duration ttl) {
    store.update(key, value -> Update.put(new byte[] {1}, ttl, 0));
  }
}
