package io.parley.testkit;

import io.parley.ports.conversation.MessagePartition;
import io.parley.ports.conversation.MessageStore;
import io.parley.ports.conversation.StoredMessage;
import java.util.List;
import java.util.Optional;

/** A {@link MessageStore} whose writes go wrong as the port says that they may. Thread-safe. */
public final class FaultyMessageStore implements MessageStore {
  private final MessageStore store;
  private final Faults faults;

  public FaultyMessageStore(MessageStore store, Faults faults) {
    this.store = store;
    this.faults = faults;
  }

  @Override
  public void put(MessagePartition partition, StoredMessage message) {
    faults.write(
        () -> {
          store.put(partition, message);
          return true;
        });
  }

  @Override
  public Optional<StoredMessage> get(MessagePartition partition, String id) {
    return store.get(partition, id);
  }

  @Override
  public List<StoredMessage> page(MessagePartition partition, From from, int most) {
    return store.page(partition, from, most);
  }

  @Override
  public void removeConversation(String conversationId, int buckets) {
    faults.write(
        () -> {
          store.removeConversation(conversationId, buckets);
          return true;
        });
  }
}
