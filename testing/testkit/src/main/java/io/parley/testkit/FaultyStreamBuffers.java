package io.parley.testkit;

import io.parley.ports.stream.Piece;
import io.parley.ports.stream.Reading;
import io.parley.ports.stream.StreamBuffers;
import java.time.Duration;
import java.util.Optional;

/** {@link StreamBuffers} whose writes go wrong as the port says that they may. Thread-safe. */
public final class FaultyStreamBuffers implements StreamBuffers {
  private final StreamBuffers buffers;
  private final Faults faults;

  public FaultyStreamBuffers(StreamBuffers buffers, Faults faults) {
    this.buffers = buffers;
    this.faults = faults;
  }

  @Override
  public void append(String stream, Piece piece, Duration ttl) {
    faults.write(
        () -> {
          buffers.append(stream, piece, ttl);
          return true;
        });
  }

  @Override
  public void end(String stream, Duration ttl) {
    faults.write(
        () -> {
          buffers.end(stream, ttl);
          return true;
        });
  }

  @Override
  public Optional<Reading> read(String stream, long from, int maxBytes) {
    return buffers.read(stream, from, maxBytes);
  }

  @Override
  public Subscription subscribe(String stream, Runnable wake) {
    return buffers.subscribe(stream, wake);
  }

  @Override
  public void remove(String stream) {
    faults.write(
        () -> {
          buffers.remove(stream);
          return true;
        });
  }
}
