package io.parley.embedded.rocks;

import io.parley.ports.stream.StreamBuffers;
import io.parley.testkit.StreamBuffersContract;
import io.parley.testkit.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class RocksStreamBuffersTest extends StreamBuffersContract {
  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private RocksStores stores;

  @Override
  protected StreamBuffers open() {
    stores = RocksStores.open(directory, time);
    return stores.streamBuffers();
  }

  @Override
  protected StreamBuffers openAgain() {
    stores.close();
    return open();
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
