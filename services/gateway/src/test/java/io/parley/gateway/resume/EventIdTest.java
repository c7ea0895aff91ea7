package io.parley.gateway.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdTest {
  private static final String MESSAGE = "msg_01ARZ3NDEKTSV4RRFFQ69G5FAV";

  @Test
  void anIdReadsBackAsItWasWritten() {
    EventId id = new EventId(MESSAGE, 120);
    assertThat(EventId.parse(id.toString())).isEqualTo(id);
    assertThat(EventId.parse(MESSAGE + ":0").number()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        MESSAGE,
        MESSAGE + ":",
        MESSAGE + ":-1",
        MESSAGE + ":07",
        MESSAGE + ":1234567890",
        MESSAGE + ":1 ",
        "msg_:1",
        "msg_01ARZ3NDEKTSV4RRFFQ69G5FAU:1",
        "msg_' OR 1=1 --:1"
      })
  void everythingElseIsRefusedByName(String garbage) {
    assertThatThrownBy(() -> EventId.parse(garbage)).hasMessageStartingWith("last-event-id: must");
  }
}
