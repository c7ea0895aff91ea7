package io.parley.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloserTest {
  private final List<String> closed = new ArrayList<>();
  private final Closer closer = new Closer();

  private void add(String part) {
    closer.add(() -> closed.add(part));
  }

  private void addBroken(String part) {
    closer.add(
        () -> {
          closed.add(part);
          throw new IllegalStateException(part);
        });
  }

  @Test
  void closesInTheOppositeOrderAndOnce() {
    add("database");
    add("service");
    closer.close();
    closer.close();
    assertThat(closed).containsExactly("service", "database");
  }

  @Test
  void aPartThatFailsKeepsNoOtherOpen() {
    add("database");
    addBroken("service");
    addBroken("http");
    assertThatThrownBy(closer::close)
        .hasMessage("http")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(closed).containsExactly("http", "service", "database");
  }

  @Test
  void theFailureThatLedToItStaysTheFirst() {
    addBroken("database");
    IllegalStateException failure = new IllegalStateException("the port is taken");
    closer.closeAfter(failure);
    assertThat(failure.getSuppressed()).hasSize(1);
    assertThat(closed).containsExactly("database");
  }
}
