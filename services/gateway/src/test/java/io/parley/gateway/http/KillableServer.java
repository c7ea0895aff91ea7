package io.parley.gateway.http;

import io.parley.testkit.FakeGeneration;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that serves, keeps answers and writes a bill for each in the same transaction, until it
 * is killed. It prints its port.
 */
final class KillableServer {
  /** Short, so that what a killed one left behind is soon taken over. */
  private static final int LEASE_MS = 300;

  private KillableServer() {}

  public static void main(String[] arguments) {
    KeptAnswers kept = new KeptAnswers(Path.of(arguments[0]));
    TestGateway server =
        kept.setup(
                KeptAnswers.PATIENT,
                LEASE_MS,
                (transaction, conclusion) ->
                    transaction.execute(
                        "INSERT INTO bills (request_id, outcome) VALUES (?, ?)"
                            + " ON CONFLICT (request_id) DO NOTHING",
                        conclusion.request().requestId(),
                        conclusion.outcome().getClass().getSimpleName()))
            .start();
    ExecutorService engine = Executors.newVirtualThreadPerTaskExecutor();
    server.models.script(generation -> engine.execute(() -> play(generation)));
    System.out.println(server.gateway.port());
  }

  private static void play(FakeGeneration generation) {
    generation.start(1);
    for (int i = 0; i < 10; i++) {
      LockSupport.parkNanos(2_000_000);
      generation.text("word " + i + " of " + generation.request().requestId() + ". ");
    }
    generation.endTurn();
  }
}
