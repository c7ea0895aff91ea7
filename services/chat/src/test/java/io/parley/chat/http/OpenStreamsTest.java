package io.parley.chat.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.chat.ChatLimits;
import io.parley.testkit.VirtualTime;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OpenStreamsTest {
  private static final Duration WHILE = Duration.ofSeconds(30);
  private final VirtualTime time = new VirtualTime();
  private final OpenStreams streams =
      new OpenStreams(time, ChatLimits.DEFAULTS, cookie -> Optional.empty(), Runnable::run);

  @Test
  void knowsWhoLooksAndWhoDidAWhileAgo() {
    assertThat(streams.watched("usr_1", WHILE)).isFalse();
    streams.take("usr_1");
    streams.take("usr_1");
    streams.give("usr_1");
    time.advance(Duration.ofHours(1));
    assertThat(streams.watched("usr_1", Duration.ZERO)).isTrue();
    streams.give("usr_1");
    assertThat(streams.watched("usr_1", Duration.ZERO)).isFalse();
    time.advance(WHILE.minusNanos(1));
    assertThat(streams.watched("usr_1", WHILE)).isTrue();
    time.advance(Duration.ofNanos(1));
    assertThat(streams.watched("usr_1", WHILE)).isFalse();
    assertThat(streams.watched("usr_2", WHILE)).isFalse();
  }
}
