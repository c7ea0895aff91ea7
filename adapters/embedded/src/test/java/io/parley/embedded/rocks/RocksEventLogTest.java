package io.parley.embedded.rocks;

import io.parley.ports.log.EventLog;
import io.parley.testkit.EventLogContract;
import io.parley.testkit.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class RocksEventLogTest extends EventLogContract {
  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private RocksStores stores;

  @Override
  protected EventLog open() {
    stores = RocksStores.open(directory, time);
    return stores.eventLog();
  }

  @Override
  protected void pass(Duration by) {
    time.advance(by);
  }

  @AfterEach
  void close() {
    stores.close();
  }
}
