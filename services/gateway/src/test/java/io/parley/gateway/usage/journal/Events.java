package io.parley.gateway.usage.journal;

import io.parley.gateway.usage.ByKind;
import io.parley.gateway.usage.ContextWindow;
import io.parley.gateway.usage.UsageEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/** Usage events of all kinds. */
final class Events {
  static final Instant START = Instant.parse("2026-11-01T10:00:00Z");

  private Events() {}

  /** The event of a request that generated that many tokens. */
  static UsageEvent event(String requestId, int outputTokens) {
    return new UsageEvent(
        new UsageEvent.Origin(
            requestId,
            "msg_" + requestId,
            "org_1",
            "",
            "key_1",
            Optional.empty(),
            "model",
            "standard",
            START.toEpochMilli()),
        "answered",
        Optional.of("end_turn"),
        START.plusMillis(250),
        3,
        OptionalLong.of(20),
        ContextWindow.UP_TO_200K,
        new ByKind(10, 0, 0, 0, outputTokens),
        "USD",
        new ByKind(1_000, 0, 0, 0, 5L * outputTokens));
  }

  static UsageEvent random(Random random, String requestId) {
    return new UsageEvent(
        new UsageEvent.Origin(
            requestId,
            "msg_" + requestId,
            "org_" + random.nextInt(2),
            random.nextBoolean() ? "" : "wrkspc_" + random.nextInt(2),
            "key_" + random.nextInt(3),
            random.nextBoolean() ? Optional.empty() : Optional.of("Ünïcode " + random.nextInt()),
            "model-" + random.nextInt(2),
            random.nextBoolean() ? "standard" : "batch",
            START.toEpochMilli() + random.nextInt(9_000_000)),
        random.nextBoolean() ? "answered" : "abandoned",
        random.nextBoolean() ? Optional.empty() : Optional.of("end_turn"),
        START.plusMillis(random.nextInt(9_000_000)),
        random.nextInt(100),
        random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextInt(100)),
        random.nextBoolean() ? ContextWindow.UP_TO_200K : ContextWindow.ABOVE_200K,
        kinds(random),
        "USD",
        kinds(random));
  }

  private static ByKind kinds(Random random) {
    return ByKind.of(kind -> random.nextInt(1_000_000));
  }
}
