package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.embedded.SqliteDatabase;
import io.parley.gateway.administration.Actor;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.administration.AdministrationLimits;
import io.parley.gateway.administration.Administrator;
import io.parley.gateway.administration.KeySpec;
import io.parley.gateway.administration.Tier;
import io.parley.gateway.batches.BatchLimits;
import io.parley.gateway.batches.Batches;
import io.parley.gateway.identity.KeyAuthenticator;
import io.parley.gateway.identity.KeyKind;
import io.parley.gateway.messages.Ledger;
import io.parley.gateway.messages.SharedTransaction;
import io.parley.gateway.usage.PriceFile;
import io.parley.gateway.usage.UsageLedger;
import io.parley.ports.data.Database;
import io.parley.testkit.FakeGeneration;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.HandleCallback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches whose process dies, or loses its database, at the worst moments. */
class BatchCrashTest {
  private static final String ROOT = "/v1/messages/batches";
  private static final int REQUESTS = 12;

  @TempDir Path directory;
  private final List<RunningServer> processes = new ArrayList<>();

  /** A server as a process would have it, on the one database file of this test. */
  private final class RunningServer {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Database database = SqliteDatabase.open(directory.resolve("test.db"), 2);
    private final TestGateway gateway;
    private final Administration administration;

    RunningServer(Faults faults) {
      TimeSource time = TimeSource.system();
      administration =
          new Administration(database, time, new SecureRandom(), AdministrationLimits.DEFAULTS);
      BatchLimits limits =
          new BatchLimits(100, 10, 4, 1, Duration.ofHours(1), Duration.ofMillis(100));
      Batches batches =
          new Batches(database, time, new Ulid(time, new SecureRandom()), threads, limits);
      List<Ledger> ledgers = List.of(new UsageLedger(PriceFile.shipped()), batches);
      gateway =
          new TestGateway.Setup()
              .authenticator(new KeyAuthenticator(database, time, Runnable::run))
              .batches(batches)
              .accounts(new SharedTransaction(faults.around(database), threads, ledgers))
              .start();
      processes.add(this);
    }

    String key() {
      Actor operator = Actor.shell("operator");
      String id = administration.organisations().create(operator, "ours", Tier.STANDARD).id();
      return administration
          .apiKeys()
          .create(new Administrator(operator, id), KeySpec.of(KeyKind.API, "test"))
          .secret();
    }

    String send(String key, String method, String path, String body) {
      HttpResponse<String> response =
          gateway.send(
              gateway
                  .request(path)
                  .setHeader("x-api-key", key)
                  .method(
                      method,
                      body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return response.body();
    }

    String create(String key) {
      String requests =
          IntStream.range(0, REQUESTS)
              .mapToObj(
                  i -> "{\"custom_id\":\"r-%d\",\"params\":%s}".formatted(i, TestGateway.body("")))
              .collect(Collectors.joining(","));
      return Events.json(send(key, "POST", ROOT, "{\"requests\":[" + requests + "]}"))
          .get("id")
          .textValue();
    }

    void awaitEnd(String key, String id) {
      Instant patience = Instant.now().plusSeconds(30);
      while (!send(key, "GET", ROOT + "/" + id, "").contains("\"ended\"")) {
        assertThat(Instant.now()).isBefore(patience);
        Thread.onSpinWait();
      }
    }

    void checkBooks(String key, String id) {
      String results = send(key, "GET", ROOT + "/" + id + "/results", "");
      assertThat(results.lines()).hasSize(REQUESTS).allMatch(line -> line.contains("succeeded"));
      List<String> billed = column("SELECT request_id FROM usage_events WHERE output_nanos > 0");
      assertThat(column("SELECT request_id FROM batch_requests"))
          .hasSize(REQUESTS)
          .containsExactlyInAnyOrderElementsOf(billed);
    }

    private List<String> column(String select) {
      return database.read(handle -> handle.createQuery(select).mapTo(String.class).list());
    }

    void close() {
      gateway.close();
      threads.close();
      database.close();
    }
  }

  /** What happens to the transactions of the accounts. */
  @FunctionalInterface
  private interface Faults {
    Database around(Database database);
  }

  @AfterEach
  void stop() {
    processes.forEach(RunningServer::close);
  }

  @Test
  void aProcessThatIsGoneLosesNoRequestAndOneThatComesBackBillsNothingTwice() {
    RunningServer gone = new RunningServer(database -> database);
    AtomicInteger begun = new AtomicInteger();
    List<FakeGeneration> hanging = new ArrayList<>();
    gone.gateway.models.script(
        g -> {
          if (begun.incrementAndGet() % 4 == 0) {
            synchronized (hanging) {
              hanging.add(g.start(5).text("Half"));
            }
          } else {
            g.start(5).text("Hello").endTurn();
          }
        });
    String key = gone.key();
    String id = gone.create(key);
    awaitHanging(hanging);

    // It says nothing any more, and still has three requests under way.
    RunningServer next = new RunningServer(database -> database);
    next.gateway.models.script(g -> g.start(5).text("Hello").endTurn());
    next.awaitEnd(key, id);
    next.checkBooks(key, id);

    // Now it comes back with answers of its own.
    synchronized (hanging) {
      hanging.forEach(FakeGeneration::endTurn);
    }
    gone.close();
    processes.remove(gone);
    next.checkBooks(key, id);
  }

  private static void awaitHanging(List<FakeGeneration> hanging) {
    Instant patience = Instant.now().plusSeconds(30);
    while (true) {
      synchronized (hanging) {
        if (hanging.size() == 3) {
          return;
        }
      }
      assertThat(Instant.now()).isBefore(patience);
      Thread.onSpinWait();
    }
  }

  @Test
  void whereverTheAccountsBreakEachRequestHasOneResultAndOneBill() {
    Random random = new Random(7);
    RunningServer process = new RunningServer(database -> new BreakingDatabase(database, random));
    process.gateway.models.script(g -> g.start(5).text("Hello").endTurn());
    String key = process.key();
    String id = process.create(key);
    process.awaitEnd(key, id);
    process.checkBooks(key, id);
  }

  /** Loses every third transaction before its commit, and the news of every third after it. */
  private record BreakingDatabase(Database database, Random random) implements Database {
    @Override
    public <T, X extends Exception> T read(HandleCallback<T, X> work) throws X {
      return database.read(work);
    }

    @Override
    public <T, X extends Exception> T write(HandleCallback<T, X> work) throws X {
      int fate = next();
      T result =
          database.write(
              handle -> {
                T made = work.withHandle(handle);
                if (fate == 0) {
                  throw new IllegalStateException("broke before the commit");
                }
                return made;
              });
      if (fate == 1) {
        throw new IllegalStateException("broke after the commit");
      }
      return result;
    }

    private int next() {
      synchronized (random) {
        return random.nextInt(3);
      }
    }

    @Override
    public void close() {}
  }
}
