package io.parley.gateway.limits;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.embedded.InProcessEphemeralStore;
import io.parley.embedded.SqliteDatabase;
import io.parley.gateway.Principal;
import io.parley.gateway.Scope;
import io.parley.gateway.administration.Actor;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.administration.AdministrationLimits;
import io.parley.gateway.administration.Tier;
import io.parley.gateway.administration.TierLimits;
import io.parley.gateway.messages.Accepted;
import io.parley.gateway.messages.CacheTtl;
import io.parley.gateway.messages.Hold;
import io.parley.ports.data.Database;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.Share;
import io.parley.testkit.FakeModelPool;
import io.parley.testkit.VirtualTime;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An organisation of a tier that a test chooses, before a limiter, in virtual time. */
abstract class LimitsFixture {
  static final OptionalLong NONE = OptionalLong.empty();

  /** Of 2,048 tokens. */
  static final ModelDescriptor MODEL = FakeModelPool.textModel("parley-test");

  private static final Actor OPERATOR = Actor.shell("op");

  @TempDir Path directory;
  final VirtualTime time = new VirtualTime();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final Map<String, String> headers = new HashMap<>();
  Prices prices = Prices.NONE;
  Spend spend = Spend.NONE;
  Database database;
  Administration administration;
  Principal principal;
  Limiter limiter;

  @BeforeEach
  void open() {
    database = SqliteDatabase.open(directory.resolve("test.db"), 2);
    administration =
        new Administration(database, time, new SecureRandom(), AdministrationLimits.DEFAULTS);
    tier(NONE);
    String id = administration.organisations().create(OPERATOR, "tenant", "gold").id();
    principal = new Principal(id, Optional.empty(), "key", Set.of(Scope.MESSAGES), Share.EQUAL);
    limiter = limiter();
  }

  /** One more, with a store of its own, as after a restart. */
  Limiter limiter() {
    return new Limiter(
        new TierTerms(database, time),
        new InProcessEphemeralStore(time, 1_000),
        (request, usage) -> prices.micros(request, usage),
        (organisation, month) -> spend.micros(organisation, month),
        time,
        new SecureRandom(),
        meters,
        Runnable::run);
  }

  @AfterEach
  void close() {
    database.close();
  }

  void tier(OptionalLong budgetMicros, TierLimits... limits) {
    administration
        .tiers()
        .put(OPERATOR, new Tier("gold", 1_000, NONE, budgetMicros, List.of(limits)));
  }

  static TierLimits everyModel(
      OptionalLong requests, OptionalLong input, OptionalLong output, OptionalLong concurrent) {
    return new TierLimits(TierLimits.EVERY_MODEL, requests, input, output, concurrent);
  }

  static OptionalLong of(long limit) {
    return OptionalLong.of(limit);
  }

  Hold enter(int input, int output) {
    return limiter.enter(
        new Accepted(
            "req_1",
            "msg_1",
            principal,
            MODEL.id(),
            Optional.empty(),
            Accepted.STANDARD,
            time.now().toEpochMilli(),
            CacheTtl.FIVE_MINUTES),
        MODEL,
        input,
        output,
        lines -> {
          synchronized (headers) {
            headers.clear();
            headers.putAll(lines);
          }
        });
  }
}
