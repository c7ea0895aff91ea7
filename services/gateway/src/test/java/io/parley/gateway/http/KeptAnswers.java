package io.parley.gateway.http;

import io.parley.common.TimeSource;
import io.parley.embedded.SqliteDatabase;
import io.parley.gateway.GatewayLimits;
import io.parley.gateway.Principal;
import io.parley.gateway.idempotency.Claims;
import io.parley.gateway.idempotency.IdempotencyLimits;
import io.parley.gateway.messages.Conclusion;
import io.parley.gateway.messages.Ledger;
import io.parley.gateway.messages.SharedTransaction;
import io.parley.ports.data.Database;
import io.parley.ports.model.Share;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A database, gateways on it that keep answers there, and a ledger that counts conclusions. */
final class KeptAnswers implements AutoCloseable {
  static final String RIVAL_KEY = "sk-parley-rival";
  static final String LAB_KEY = "sk-parley-lab";
  static final GatewayLimits.Resumption PATIENT =
      new GatewayLimits.Resumption(60_000, 60_000, 1 << 20, 64 << 20);

  final Database database;
  final Queue<Conclusion> conclusions = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  KeptAnswers(Path directory) {
    database = SqliteDatabase.open(directory.resolve("kept.db"), 2);
  }

  TestGateway start() {
    return setup(PATIENT, 30_000, (transaction, conclusion) -> conclusions.add(conclusion)).start();
  }

  TestGateway.Setup setup(GatewayLimits.Resumption resumption, long leaseMs, Ledger other) {
    Claims claims =
        new Claims(database, TimeSource.system(), new IdempotencyLimits(86_400_000, leaseMs));
    return new TestGateway.Setup()
        .claims(claims)
        .accounts(new SharedTransaction(database, threads, List.of(claims, other)))
        .authenticator(KeptAnswers::authenticate)
        .limits(limits(resumption));
  }

  static GatewayLimits limits(GatewayLimits.Resumption resumption) {
    return new GatewayLimits(
        GatewayLimits.Requests.DEFAULTS,
        GatewayLimits.Streams.DEFAULTS,
        GatewayLimits.Connections.DEFAULTS,
        resumption);
  }

  static Optional<Principal> authenticate(String secret) {
    return switch (secret) {
      case TestGateway.KEY -> Optional.of(TestGateway.PRINCIPAL);
      case RIVAL_KEY -> Optional.of(principal("org_2", Optional.empty()));
      case LAB_KEY -> Optional.of(principal("org_1", Optional.of("wrkspc_lab")));
      default -> Optional.empty();
    };
  }

  private static Principal principal(String organisation, Optional<String> workspace) {
    return new Principal(
        organisation, workspace, "key_2", TestGateway.PRINCIPAL.scopes(), new Share(1, 1));
  }

  static HttpRequest.Builder keyed(TestGateway server, String key, String more) {
    return server.post("/v1/messages", TestGateway.body(more)).header("idempotency-key", key);
  }

  static HttpRequest.Builder stream(TestGateway server, String key) {
    return keyed(server, key, ",\"stream\":true");
  }

  static boolean isReplay(HttpResponse<?> response) {
    return response.headers().firstValue("idempotent-replayed").equals(Optional.of("true"));
  }

  @Override
  public void close() {
    database.close();
    threads.shutdownNow();
  }
}
