package io.parley.embedded.rocks;

import io.parley.ports.conversation.MessageStore;
import io.parley.testkit.Faults;
import io.parley.testkit.FaultyMessageStore;
import io.parley.testkit.MessageStoreContract;
import io.parley.testkit.VirtualTime;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class FaultyRocksMessageStoreTest extends MessageStoreContract {
  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private final Deque<RocksStores> opened = new ArrayDeque<>();

  @Override
  protected MessageStore open() {
    RocksStores stores = RocksStores.open(directory, time);
    opened.push(stores);
    return new FaultyMessageStore(stores.messageStore(), new Faults(new Random(7), 0.3));
  }

  @AfterEach
  void close() {
    opened.forEach(RocksStores::close);
  }
}
