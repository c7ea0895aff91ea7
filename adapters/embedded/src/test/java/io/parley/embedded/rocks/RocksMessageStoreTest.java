package io.parley.embedded.rocks;

import io.parley.ports.conversation.MessageStore;
import io.parley.testkit.MessageStoreContract;
import io.parley.testkit.VirtualTime;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class RocksMessageStoreTest extends MessageStoreContract {
  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private RocksStores stores;

  @Override
  protected MessageStore open() {
    stores = RocksStores.open(directory, time);
    return stores.messageStore();
  }

  @AfterEach
  void close() {
    stores.close();
  }
}
