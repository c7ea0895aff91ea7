package io.parley.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
  @Test
  void countsChangesAdditionsAndRemovals() {
    assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(NearestName.distance("", "abc")).isEqualTo(3);
    assertThat(NearestName.distance("same", "same")).isZero();
  }

  @Test
  void findsTheNearest() {
    assertThat(NearestName.of("prot", List.of("host", "port"))).contains("port");
    assertThat(NearestName.of("x", List.of())).isEmpty();
  }
}
