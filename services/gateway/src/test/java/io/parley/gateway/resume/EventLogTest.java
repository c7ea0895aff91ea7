package io.parley.gateway.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.resume.EventLog.Cursor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EventLogTest {
  private final LogBudget budget = new LogBudget(1_000, () -> false);

  @Test
  void aReaderGetsWhatIsWrittenBeforeAndAfterItCame() {
    EventLog log = new EventLog(budget, 100);
    append(log, "a", "b");
    Cursor cursor = log.open(0);
    assertThat(read(cursor)).isEqualTo("ab");
    append(log, "c");
    assertThat(read(cursor)).isEqualTo("c");
    assertThat(read(cursor)).isEmpty();
    assertThat(cursor.isAtEnd()).isFalse();
    log.end();
    assertThat(cursor.isAtEnd()).isTrue();
    assertThat(cursor.position()).isEqualTo(3);
  }

  @Test
  void aReaderTakesWholeEvents() {
    EventLog log = new EventLog(budget, 100);
    append(log, "aaa", "bb", "cccccc");
    Cursor cursor = log.open(0);
    assertThat(text(cursor.read(6))).isEqualTo("aaabb");
    assertThat(text(cursor.read(1))).isEqualTo("cccccc");
  }

  @Test
  void whatAReaderHasNotGotIsKeptHoweverMuchItIs() {
    EventLog log = new EventLog(budget, 2);
    Cursor slow = log.open(0);
    append(log, "aa", "bb", "cc");
    assertThat(slow.waitingBytes()).isEqualTo(6);
    assertThat(read(slow)).isEqualTo("aabbcc");
    append(log, "dd");
    assertThat(log.whole()).isEmpty();
    assertThat(read(slow)).isEqualTo("dd");
  }

  @Test
  void whatIsNoLongerKeptIsRefusedByName() {
    EventLog log = new EventLog(budget, 4);
    append(log, "aa", "bb", "cc");
    assertThatThrownBy(() -> log.open(0))
        .isInstanceOfSatisfying(
            ParleyException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
              assertThat(e).hasMessageStartingWith("last-event-id: ").hasMessageEndingWith("now 1");
            });
    assertThat(read(log.open(1))).isEqualTo("bbcc");
  }

  @Test
  void aPositionThatIsNotThereIsRefused() {
    EventLog log = new EventLog(budget, 4);
    append(log, "aa");
    assertThatThrownBy(() -> log.open(2))
        .isInstanceOfSatisfying(
            ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessage("last-event-id: the answer has no event 2; its last one is 1");
  }

  @Test
  void aReaderThatIsGoneHoldsNothingBack() {
    EventLog log = new EventLog(budget, 2);
    Cursor gone = log.open(0);
    append(log, "aa");
    gone.close();
    append(log, "bb");
    assertThat(budget.takenBytes()).isEqualTo(2);
  }

  @Test
  void withoutRoomInAllOnlyReadersAreServed() {
    LogBudget small = new LogBudget(5, () -> false);
    EventLog first = new EventLog(small, 100);
    append(first, "aaaa");
    EventLog second = new EventLog(small, 100);
    Cursor reader = second.open(0);
    append(second, "bb");
    append(second, "cc");
    assertThat(read(reader)).isEqualTo("bbcc");
    append(second, "dd");
    assertThat(second.whole()).isEmpty();
    assertThat(read(reader)).isEqualTo("dd");
    assertThat(first.whole()).isPresent();
  }

  @Test
  void roomIsMadeAsLongAsThereIsSomethingToDrop() {
    List<EventLog> old = new ArrayList<>();
    LogBudget small =
        new LogBudget(
            4,
            () -> {
              boolean any = !old.isEmpty();
              if (any) {
                old.removeFirst().forget();
              }
              return any;
            });
    for (String event : List.of("aa", "bb", "cc")) {
      EventLog log = new EventLog(small, 100);
      append(log, event);
      log.end();
      old.add(log);
    }
    assertThat(old).hasSize(2);
    assertThat(small.takenBytes()).isEqualTo(4);
  }

  @Test
  void anEndIsFinal() {
    EventLog log = EventLog.ended(List.of(bytes("a")));
    assertThatThrownBy(() -> append(log, "b")).isInstanceOf(IllegalStateException.class);
    assertThat(log.whole()).contains(bytes("a"));
  }

  /** Connections come, read a part, break and come back with the last id, while events come. */
  @Property(tries = 500)
  void whoeverComesBackGetsTheRestOnceOrIsToldThatItIsGone(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int events,
      @ForAll @IntRange(min = 4, max = 400) int maxKept) {
    Random random = new Random(seed);
    EventLog log = new EventLog(new LogBudget(10_000, () -> false), maxKept);
    List<Client> clients = List.of(new Client(log), new Client(log), new Client(log));
    StringBuilder written = new StringBuilder();
    int count = 0;
    while (count < events) {
      List<byte[]> news = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0 && count < events; i--) {
        String event = "<" + ++count + "x".repeat(random.nextInt(8)) + ">";
        written.append(event);
        news.add(bytes(event));
      }
      log.append(news);
      for (Client client : clients) {
        client.act(random);
      }
    }
    log.end();
    for (Client client : clients) {
      client.finish();
      if (client.refused) {
        assertThat(written.toString()).startsWith(client.got.toString());
      } else {
        assertThat(client.got.toString()).isEqualTo(written.toString());
      }
    }
  }

  private static final class Client {
    private final EventLog log;
    private final StringBuilder got = new StringBuilder();
    private Cursor connection;
    private int lastEventId;
    private boolean connected = true;
    private boolean refused;

    Client(EventLog log) {
      this.log = log;
      this.connection = log.open(0);
    }

    void act(Random random) {
      switch (random.nextInt(4)) {
        case 0 -> hangUp();
        case 1 -> comeBack();
        default -> read(random.nextInt(20));
      }
    }

    void finish() {
      comeBack();
      while (connected && !connection.isAtEnd()) {
        read(10);
      }
    }

    private void hangUp() {
      connected = false;
      connection.close();
    }

    private void comeBack() {
      if (!connected && !refused) {
        try {
          connection = log.open(lastEventId);
          connected = true;
        } catch (ParleyException gone) {
          refused = true;
        }
      }
    }

    /** What is read may still be lost on the way, with the connection. */
    private void read(int maxBytes) {
      if (connected) {
        got.append(text(connection.read(maxBytes)));
        lastEventId = connection.position();
      }
    }
  }

  private static String read(Cursor cursor) {
    return text(cursor.read(Integer.MAX_VALUE));
  }

  private static void append(EventLog log, String... events) {
    log.append(List.of(events).stream().map(EventLogTest::bytes).toList());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
