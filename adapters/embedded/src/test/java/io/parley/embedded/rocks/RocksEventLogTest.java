package io.parley.embedded.rocks;

import io.parley.ports.log.EventLog;
import io.parley.testkit.EventLogContract;
import io.parley.testkit.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class RocksEventLogTest extends EventLogContract {
  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private final Deque<RocksStores> opened = new ArrayDeque<>();

  @Override
  protected EventLog open() {
    RocksStores stores = RocksStores.open(directory, time);
    opened.push(stores);
    return stores.eventLog();
  }

  @Override
  protected void pass(Duration by) {
    time.advance(by);
  }

  @AfterEach
  void close() {
    opened.forEach(RocksStores::close);
  }
}
