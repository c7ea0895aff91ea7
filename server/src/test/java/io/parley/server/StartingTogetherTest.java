package io.parley.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class StartingTogetherTest {
  private final StartingTogether together = new StartingTogether();

  @Test
  void startsThemAtTheSameTime() {
    CountDownLatch secondIsUnderWay = new CountDownLatch(1);
    Supplier<String> first =
        together.start(
            () -> {
              secondIsUnderWay.await();
              return "first";
            },
            undone -> {});
    Supplier<Integer> second =
        together.start(
            () -> {
              secondIsUnderWay.countDown();
              return 2;
            },
            undone -> {});
    together.await();
    assertThat(first.get()).isEqualTo("first");
    assertThat(second.get()).isEqualTo(2);
  }

  @Test
  void undoesWhatWasStartedIfOneFails() {
    List<String> undone = new ArrayList<>();
    ArithmeticException failure = new ArithmeticException("on purpose");
    together.start(() -> "before", undone::add);
    together.start(
        () -> {
          throw failure;
        },
        result -> undone.add("the failed one"));
    together.start(() -> "after", undone::add);
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(together::await)
        .isSameAs(failure);
    assertThat(undone).containsExactly("before", "after");
  }
}
