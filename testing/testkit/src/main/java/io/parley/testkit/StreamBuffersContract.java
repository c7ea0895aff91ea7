package io.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.stream.Piece;
import io.parley.ports.stream.Reading;
import io.parley.ports.stream.StreamBuffers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What all {@link StreamBuffers} must do, also those whose writes happen twice or time out. An
 * adapter's test extends it and says how to open.
 */
public abstract class StreamBuffersContract {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int ALL = 1 << 20;

  private StreamBuffers buffers;

  /** Opens empty ones. */
  protected abstract StreamBuffers open();

  /** Opens them again, as the next process does after this one was killed. */
  protected abstract StreamBuffers openAgain();

  /** Lets time go by. */
  protected abstract void pass(Duration time);

  @BeforeEach
  void openOne() {
    buffers = open();
  }

  @Test
  void aStreamThatWasNeverBegunIsNotThere() {
    assertThat(buffers.read("s", 0, ALL)).isEmpty();
  }

  @Test
  void aStreamIsReadFromAnyOffset() {
    append("s", 0, "one ");
    append("s", 4, "two ");
    append("s", 8, "three");
    assertThat(text(0)).isEqualTo("one two three");
    assertThat(text(4)).isEqualTo("two three");
    assertThat(text(5)).isEqualTo("two three");
    assertThat(text(13)).isEmpty();
    assertThat(text(99)).isEmpty();
    assertThat(read(99).length()).isEqualTo(13);
    assertThat(buffers.read("s", 0, 1).orElseThrow().pieces()).hasSize(1);
  }

  @Test
  void aStreamHasNoHolesAndNothingTwice() {
    append("s", 0, "one ");
    append("s", 0, "one ");
    assertThat(text(0)).isEqualTo("one ");
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(() -> append("s", 5, "x"))
        .matches(e -> e.code() == ErrorCode.CONFLICT);
    assertThat(text(0)).isEqualTo("one ");
  }

  @Test
  void anEndIsSeenBehindTheLastPiece() {
    append("s", 0, "one ");
    append("s", 4, "two");
    assertThat(read(0).end()).isFalse();
    Faults.untilKnown(() -> buffers.end("s", MINUTE));
    assertThat(read(0).end()).isTrue();
    assertThat(read(7).end()).isTrue();
    assertThat(buffers.read("s", 0, 1).orElseThrow().end()).isFalse();
    assertThatExceptionOfType(ParleyException.class).isThrownBy(() -> append("s", 7, "x"));
  }

  @Test
  void aStreamIsThereUntilItsTimeIsOver() {
    append("s", 0, "one ");
    pass(Duration.ofSeconds(50));
    append("s", 4, "two");
    pass(Duration.ofSeconds(50));
    assertThat(text(0)).isEqualTo("one two");
    pass(Duration.ofSeconds(10));
    assertThat(buffers.read("s", 0, ALL)).isEmpty();
    append("s", 0, "new");
    assertThat(text(0)).isEqualTo("new");
  }

  @Test
  void streamsHaveNothingToDoWithEachOther() {
    append("s", 0, "one");
    append("s2", 0, "two");
    Faults.untilKnown(() -> buffers.remove("s"));
    assertThat(buffers.read("s", 0, ALL)).isEmpty();
    assertThat(buffers.read("s2", 0, ALL)).isPresent();
  }

  @Test
  void whoSubscribesIsWoken() {
    AtomicInteger woken = new AtomicInteger();
    try (var subscription = buffers.subscribe("s", woken::incrementAndGet)) {
      assertThat(subscription).isNotNull();
      append("s2", 0, "x");
      assertThat(woken).hasValue(0);
      append("s", 0, "x");
      assertThat(woken.get()).isPositive();
      int before = woken.get();
      Faults.untilKnown(() -> buffers.end("s", MINUTE));
      assertThat(woken.get()).isGreaterThan(before);
    }
    int before = woken.get();
    Faults.untilKnown(() -> buffers.remove("s"));
    assertThat(woken).hasValue(before);
  }

  @Test
  void theDeathOfTheWriterLosesNothing() {
    append("s", 0, "one ");
    append("s", 4, "two");
    append("ended", 0, "x");
    Faults.untilKnown(() -> buffers.end("ended", MINUTE));
    append("removed", 0, "x");
    Faults.untilKnown(() -> buffers.remove("removed"));
    buffers = openAgain();
    assertThat(text(0)).isEqualTo("one two");
    assertThat(buffers.read("ended", 0, ALL).orElseThrow().end()).isTrue();
    assertThat(buffers.read("removed", 0, ALL)).isEmpty();
    append("s", 7, " three");
    assertThat(text(0)).isEqualTo("one two three");
    pass(MINUTE);
    assertThat(buffers.read("s", 0, ALL)).isEmpty();
  }

  private void append(String stream, long from, String text) {
    Piece piece = new Piece(from, from + text.length(), text.getBytes(StandardCharsets.UTF_8));
    Faults.untilKnown(() -> buffers.append(stream, piece, MINUTE));
  }

  private Reading read(long from) {
    return buffers.read("s", from, ALL).orElseThrow();
  }

  private String text(long from) {
    StringBuilder text = new StringBuilder();
    read(from)
        .pieces()
        .forEach(piece -> text.append(new String(piece.bytes(), StandardCharsets.UTF_8)));
    return text.toString();
  }
}
