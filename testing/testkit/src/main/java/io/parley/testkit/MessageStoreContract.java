package io.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.parley.ports.conversation.MessagePartition;
import io.parley.ports.conversation.MessageStore;
import io.parley.ports.conversation.MessageStore.From;
import io.parley.ports.conversation.StoredMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link MessageStore} must do, also one whose writes are done twice or time out. An
 * adapter's test extends it and says how to open.
 */
public abstract class MessageStoreContract {
  private static final MessagePartition FIRST = new MessagePartition("conv_1", 0);
  private static final int MESSAGES = 30;

  private MessageStore store;

  /** Opens an empty store. */
  protected abstract MessageStore open();

  @BeforeEach
  void openOne() {
    store = open();
  }

  @Test
  void whatWasNeverPutIsNotThere() {
    assertThat(store.get(FIRST, "m1")).isEmpty();
    assertThat(store.page(FIRST, new From.End(), 10)).isEmpty();
    assertThat(store.page(FIRST, new From.After("m1"), 10)).isEmpty();
  }

  @Test
  void theLastPutCounts() {
    put(FIRST, "m1", "a");
    put(FIRST, "m1", "b");
    assertThat(store.get(FIRST, "m1").map(MessageStoreContract::text)).hasValue("b");
    assertThat(texts(store.page(FIRST, new From.End(), 10))).containsExactly("b");
  }

  @Test
  void pagesAreInTheOrderOfIdsWhateverTheOrderOfPuts() {
    fill();
    assertThat(texts(store.page(FIRST, new From.End(), 3))).containsExactly("29", "28", "27");
    assertThat(texts(store.page(FIRST, new From.Before(id(27)), 3)))
        .containsExactly("26", "25", "24");
    assertThat(texts(store.page(FIRST, new From.After(id(3)), 3))).containsExactly("4", "5", "6");
    assertThat(texts(store.page(FIRST, new From.After(id(28)), 3))).containsExactly("29");
    assertThat(store.page(FIRST, new From.Before(id(0)), 3)).isEmpty();
  }

  @Test
  void aPageMayBeginWhereNothingIs() {
    fill();
    assertThat(texts(store.page(FIRST, new From.Before(id(5) + "x"), 1))).containsExactly("5");
    assertThat(texts(store.page(FIRST, new From.After(id(5) + "x"), 1))).containsExactly("6");
    assertThat(texts(store.page(FIRST, new From.After("0"), 1))).containsExactly("0");
    assertThat(texts(store.page(FIRST, new From.Before("z"), 1))).containsExactly("29");
  }

  @Test
  void partitionsHaveNothingToDoWithEachOther() {
    MessagePartition second = new MessagePartition("conv_1", 1);
    MessagePartition alike = new MessagePartition("conv_10", 0);
    put(FIRST, "m1", "a");
    put(second, "m2", "b");
    put(alike, "m3", "c");
    assertThat(texts(store.page(FIRST, new From.End(), 10))).containsExactly("a");
    assertThat(texts(store.page(second, new From.End(), 10))).containsExactly("b");
    Faults.untilKnown(() -> store.removeConversation("conv_1", 2));
    assertThat(store.page(FIRST, new From.End(), 10)).isEmpty();
    assertThat(store.get(second, "m2")).isEmpty();
    assertThat(texts(store.page(alike, new From.End(), 10))).containsExactly("c");
  }

  @Test
  void nothingIsLostWhenManyPutAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int number = i;
        all.add(threads.submit(() -> put(FIRST, id(number), Integer.toString(number))));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(store.page(FIRST, new From.End(), MessageStore.MAX_PAGE)).hasSize(200);
  }

  @Test
  void refusesWhatIsOutsideOfTheLimits() {
    assertThatIllegalArgumentException().isThrownBy(() -> new MessagePartition("a/b", 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new MessagePartition("a", -1));
    assertThatIllegalArgumentException().isThrownBy(() -> new StoredMessage("", new byte[1]));
    assertThatIllegalArgumentException().isThrownBy(() -> new StoredMessage("a", new byte[0]));
    assertThatIllegalArgumentException().isThrownBy(() -> store.page(FIRST, new From.End(), 0));
  }

  private void fill() {
    for (int i = 0; i < MESSAGES; i++) {
      int number = i * 7 % MESSAGES;
      put(FIRST, id(number), Integer.toString(number));
    }
  }

  private static String id(int number) {
    return "m%03d".formatted(number);
  }

  private void put(MessagePartition partition, String id, String text) {
    StoredMessage message = new StoredMessage(id, text.getBytes(StandardCharsets.UTF_8));
    Faults.untilKnown(() -> store.put(partition, message));
  }

  private static List<String> texts(List<StoredMessage> messages) {
    return messages.stream().map(MessageStoreContract::text).toList();
  }

  private static String text(StoredMessage message) {
    return new String(message.body(), StandardCharsets.UTF_8);
  }
}
