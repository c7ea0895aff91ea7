package io.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.parley.ports.ephemeral.EphemeralStore;
import io.parley.ports.ephemeral.Update;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link EphemeralStore} must do. An adapter's test extends it and says how to open. */
public abstract class EphemeralStoreContract {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int THREADS = 8;
  private static final int ROUNDS = 500;

  private EphemeralStore store;

  /** Opens an empty store. */
  protected abstract EphemeralStore open();

  /** Lets time go by. */
  protected abstract void pass(Duration time);

  @BeforeEach
  void openOne() {
    store = open();
  }

  @Test
  void whatWasNeverPutIsNotThere() {
    assertThat(store.get("k")).isEmpty();
    assertThat(store.<Boolean>update("k", value -> Update.keep(value.isPresent()))).isFalse();
    assertThat(store.get("k")).isEmpty();
  }

  @Test
  void keepsWhatWasPut() {
    assertThat(store.<Integer>update("k", value -> Update.put(bytes("a"), MINUTE, 7))).isEqualTo(7);
    assertThat(text("k")).hasValue("a");
    store.update("k", value -> Update.put(bytes(text(value) + "b"), MINUTE, 0));
    assertThat(text("k")).hasValue("ab");
  }

  @Test
  void keysHaveNothingToDoWithEachOther() {
    put("k", "a", MINUTE);
    put("l", "b", MINUTE);
    store.update("k", value -> Update.remove(0));
    assertThat(text("k")).isEmpty();
    assertThat(text("l")).hasValue("b");
  }

  @Test
  void aValueIsThereUntilItsTimeIsOver() {
    put("k", "a", Duration.ofMillis(500));
    pass(Duration.ofMillis(499));
    assertThat(text("k")).hasValue("a");
    pass(Duration.ofMillis(1));
    assertThat(text("k")).isEmpty();
    assertThat(store.<Boolean>update("k", value -> Update.keep(value.isPresent()))).isFalse();
  }

  @Test
  void aNewValueHasItsOwnTime() {
    put("k", "a", Duration.ofMillis(500));
    pass(Duration.ofMillis(400));
    put("k", "b", Duration.ofMillis(500));
    pass(Duration.ofMillis(400));
    assertThat(text("k")).hasValue("b");
  }

  @Test
  void aValueThatIsKeptLivesNoLonger() {
    put("k", "a", Duration.ofMillis(500));
    pass(Duration.ofMillis(400));
    store.update("k", value -> Update.keep(0));
    pass(Duration.ofMillis(100));
    assertThat(text("k")).isEmpty();
  }

  @Test
  void aChangeThatThrowsChangesNothing() {
    put("k", "a", MINUTE);
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                store.update(
                    "k",
                    value -> {
                      throw new IllegalStateException("on purpose");
                    }))
        .withMessage("on purpose");
    assertThat(text("k")).hasValue("a");
  }

  @Test
  void noUpdateIsLostWhenManyRace() throws Exception {
    race(() -> store.update("n", EphemeralStoreContract::plusOne));
    assertThat(text("n")).hasValue(Integer.toString(THREADS * ROUNDS));
  }

  @Test
  void oneOfThoseWhoRaceForAClaimGetsIt() throws Exception {
    List<String> winners = java.util.Collections.synchronizedList(new ArrayList<>());
    race(
        () -> {
          String me = Thread.currentThread().toString();
          boolean mine =
              store.<Boolean>update(
                  "claim",
                  value ->
                      value.isPresent() ? Update.keep(false) : Update.put(bytes(me), MINUTE, true));
          if (mine) {
            winners.add(me);
          }
        });
    assertThat(winners).hasSize(1);
    assertThat(text("claim")).hasValue(winners.getFirst());
  }

  @Test
  void refusesKeysAndValuesOutsideOfTheLimits() {
    String longest = "k".repeat(EphemeralStore.MAX_KEY_CHARS);
    put(longest, "a", MINUTE);
    assertThat(text(longest)).hasValue("a");
    assertThatIllegalArgumentException().isThrownBy(() -> store.get(longest + "k"));
    assertThatIllegalArgumentException().isThrownBy(() -> put("", "a", MINUTE));
    assertThatIllegalArgumentException().isThrownBy(() -> put("k", "a", Duration.ZERO));
    byte[] tooLarge = new byte[EphemeralStore.MAX_VALUE_BYTES + 1];
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.update("k", value -> Update.put(tooLarge, MINUTE, 0)));
    assertThat(text("k")).isEmpty();
  }

  private static Update<Integer> plusOne(Optional<byte[]> value) {
    int next = value.map(bytes -> Integer.parseInt(text(Optional.of(bytes)))).orElse(0) + 1;
    return Update.put(bytes(Integer.toString(next)), MINUTE, next);
  }

  private static void race(Runnable step) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        all.add(
            threads.submit(
                () -> {
                  for (int round = 0; round < ROUNDS; round++) {
                    step.run();
                  }
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  private void put(String key, String value, Duration ttl) {
    store.update(key, old -> Update.put(bytes(value), ttl, 0));
  }

  private Optional<String> text(String key) {
    return store.get(key).map(bytes -> text(Optional.of(bytes)));
  }

  private static String text(Optional<byte[]> value) {
    return value.map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
