package io.parley.embedded.rocks;

import io.parley.ports.stream.StreamBuffers;
import io.parley.testkit.Faults;
import io.parley.testkit.FaultyStreamBuffers;
import io.parley.testkit.StreamBuffersContract;
import io.parley.testkit.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class FaultyRocksStreamBuffersTest extends StreamBuffersContract {
  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private final Deque<RocksStores> opened = new ArrayDeque<>();

  @Override
  protected StreamBuffers open() {
    RocksStores stores = RocksStores.open(directory, time);
    opened.push(stores);
    return new FaultyStreamBuffers(stores.streamBuffers(), new Faults(new Random(7), 0.3));
  }

  @Override
  protected StreamBuffers openAgain() {
    opened.pop().close();
    return open();
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
