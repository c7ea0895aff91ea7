package io.parley.embedded.rocks;

import io.parley.ports.conversation.MessageStore;
import io.parley.testkit.MessageStoreContract;
import io.parley.testkit.VirtualTime;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class RocksMessageStoreTest extends MessageStoreContract {
  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private final Deque<RocksStores> opened = new ArrayDeque<>();

  @Override
  protected MessageStore open() {
    RocksStores stores = RocksStores.open(directory, time);
    opened.push(stores);
    return stores.messageStore();
  }

  @AfterEach
  void close() {
    opened.forEach(RocksStores::close);
  }
}
