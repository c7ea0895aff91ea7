package io.parley.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.parley.gateway.messages.SharedTransaction;
import io.parley.gateway.usage.PriceFile;
import io.parley.gateway.usage.UsageLedger;
import io.parley.gateway.usage.UsageReports;
import io.parley.ports.data.Database;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A gateway with an Admin API, on a database of its own. */
final class AdminServer implements AutoCloseable {
  final Database database;
  final Administration administration;
  final TestGateway gateway;
  private final Batches batches;
  private final ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();

  AdminServer(Path directory) {
    this(directory, BatchLimits.DEFAULTS);
  }

  AdminServer(Path directory, BatchLimits limits) {
    this(directory, limits, Map.of());
  }

  AdminServer(Path directory, BatchLimits limits, Map<String, String> fallbacks) {
    TimeSource time = TimeSource.system();
    database = SqliteDatabase.open(directory.resolve("test.db"), 2);
    administration =
        new Administration(database, time, new SecureRandom(), AdministrationLimits.DEFAULTS);
    batches = new Batches(database, time, new Ulid(time, new SecureRandom()), writers, limits);
    gateway =
        new TestGateway.Setup()
            .authenticator(new KeyAuthenticator(database, time, Runnable::run))
            .administration(administration)
            .usage(new UsageReports(database))
            .accounts(
                new SharedTransaction(
                    database, writers, List.of(new UsageLedger(PriceFile.shipped()), batches)))
            .batches(batches)
            .fallbacks(fallbacks)
            .start();
  }

  /** One organisation with what it takes to administer it. */
  record Tenant(AdminServer server, Administrator by, String adminKey) {
    /** Sends a request with the admin key; an empty body is none. */
    HttpResponse<String> send(String method, String path, String body) {
      return server.send(adminKey, method, path, body);
    }

    JsonNode get(String path) {
      return answer(send("GET", path, ""));
    }

    JsonNode post(String path, String body) {
      return answer(send("POST", path, body));
    }

    private static JsonNode answer(HttpResponse<String> response) {
      if (response.statusCode() != 200) {
        throw new AssertionError(response.statusCode() + " " + response.body());
      }
      return Events.json(response.body());
    }
  }

  Tenant tenant(String name) {
    Actor operator = Actor.shell("operator");
    String id = administration.organisations().create(operator, name, Tier.STANDARD).id();
    Administrator by = new Administrator(operator, id);
    return new Tenant(this, by, key(by, KeyKind.ADMIN));
  }

  String key(Administrator by, KeyKind kind) {
    return administration.apiKeys().create(by, KeySpec.of(kind, "test")).secret();
  }

  HttpResponse<String> send(String key, String method, String path, String body) {
    return gateway.send(
        gateway
            .request(path)
            .setHeader("x-api-key", key)
            .header("content-type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
  }

  @Override
  public void close() {
    gateway.close();
    writers.close();
    database.close();
  }
}
