package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.gateway.Authenticator;
import io.parley.gateway.GatewayLimits;
import io.parley.gateway.Principal;
import io.parley.gateway.Scope;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.batches.Batches;
import io.parley.gateway.circuit.Circuits;
import io.parley.gateway.idempotency.Claims;
import io.parley.gateway.inprocess.InProcessMessages;
import io.parley.gateway.messages.Accounts;
import io.parley.gateway.messages.Turnstile;
import io.parley.gateway.observation.Observation;
import io.parley.gateway.operations.Operations;
import io.parley.gateway.usage.UsageReports;
import io.parley.ports.model.Share;
import io.parley.safety.Auditor;
import io.parley.safety.GateDecision;
import io.parley.safety.GateLimits;
import io.parley.safety.InputGate;
import io.parley.safety.InputGuard;
import io.parley.safety.OutputGate;
import io.parley.safety.OutputGuard;
import io.parley.testkit.FakeModelPool;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A gateway on a free port, before a fake model, and a client for it. */
final class TestGateway implements AutoCloseable {
  static final String KEY = "sk-parley-test";
  static final Principal PRINCIPAL =
      new Principal(
          "org_1",
          Optional.empty(),
          "key_1",
          Set.of(Scope.MESSAGES, Scope.MODELS),
          new Share(2, 7));
  static final String MODEL = "parley-test";
  static final String OLDER_MODEL = "parley-older";

  /** Nobody comes back, unless a test says so. */
  private static final GatewayLimits.Resumption BRIEF =
      new GatewayLimits.Resumption(50, 60_000, 1 << 20, 64 << 20);

  final FakeModelPool models =
      new FakeModelPool(
              List.of(FakeModelPool.textModel(MODEL), FakeModelPool.textModel(OLDER_MODEL)))
          .alias("claude-anything", MODEL)
          .alias("claude-opus-4-8", MODEL);
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final Observation observation;
  final Gateway gateway;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;

  /** What a test may change; the rest is ordinary. */
  static final class Setup {
    private GatewayLimits limits =
        TestGateway.limits(GatewayLimits.Requests.DEFAULTS, GatewayLimits.Streams.DEFAULTS);
    private Optional<Claims> claims = Optional.empty();
    private InputGate inputGate = (context, prompt) -> GateDecision.ALLOW;
    private OutputGate outputGate = context -> new AllowAll();
    private GateLimits gateLimits = new GateLimits(10_000, 10_000, 0);
    private HttpClient.Version version = HttpClient.Version.HTTP_1_1;
    private Authenticator authenticator =
        secret -> secret.equals(KEY) ? Optional.of(PRINCIPAL) : Optional.empty();
    private Optional<Administration> administration = Optional.empty();

    private TimeSource time = TimeSource.system();
    private Map<String, String> fallbacks = Map.of();
    private Optional<UsageReports> usage = Optional.empty();
    private Optional<Batches> batches = Optional.empty();
    private Accounts accounts = Accounts.NONE;
    private Auditor auditor = Auditor.NONE;
    private List<Mount> mounts = List.of();
    private Optional<InProcessMessages> inProcess = Optional.empty();

    Setup inProcess(InProcessMessages value) {
      inProcess = Optional.of(value);
      return this;
    }

    Setup mounts(Mount... values) {
      mounts = List.of(values);
      return this;
    }

    Setup auditor(Auditor value) {
      auditor = value;
      return this;
    }

    private Turnstile turnstile = Turnstile.OPEN;

    Setup time(TimeSource value) {
      time = value;
      return this;
    }

    Setup fallbacks(Map<String, String> value) {
      fallbacks = value;
      return this;
    }

    Setup batches(Batches value) {
      batches = Optional.of(value);
      return this;
    }

    Setup usage(UsageReports value) {
      usage = Optional.of(value);
      return this;
    }

    Setup turnstile(Turnstile value) {
      turnstile = value;
      return this;
    }

    Setup claims(Claims value) {
      claims = Optional.of(value);
      return this;
    }

    Setup accounts(Accounts value) {
      accounts = value;
      return this;
    }

    Setup authenticator(Authenticator value) {
      authenticator = value;
      return this;
    }

    Setup administration(Administration value) {
      administration = Optional.of(value);
      return this;
    }

    Setup limits(GatewayLimits value) {
      limits = value;
      return this;
    }

    Setup inputGate(InputGate value) {
      inputGate = value;
      return this;
    }

    Setup outputGate(OutputGate value) {
      outputGate = value;
      return this;
    }

    Setup gateLimits(GateLimits value) {
      gateLimits = value;
      return this;
    }

    Setup version(HttpClient.Version value) {
      version = value;
      return this;
    }

    TestGateway start() {
      return new TestGateway(this);
    }
  }

  private TestGateway(Setup setup) {
    TimeSource time = setup.time;
    Circuits circuits = new Circuits(models, setup.fallbacks, meters, time);
    observation = Observation.of(meters, time);
    client = HttpClient.newBuilder().version(setup.version).build();
    gateway =
        Gateway.start(
            new GatewayConfig(
                "127.0.0.1", 0, 2, setup.version == HttpClient.Version.HTTP_2, setup.limits),
            new GatewayParts(
                models,
                setup.authenticator,
                setup.administration,
                setup.usage,
                setup.batches,
                circuits,
                new InputGuard(setup.inputGate, setup.gateLimits, threads, setup.auditor),
                setup.turnstile,
                new OutputGuard(setup.outputGate, setup.gateLimits, time, setup.auditor),
                setup.accounts,
                setup.claims,
                observation,
                Optional.of(
                    new Operations(
                        observation,
                        circuits,
                        Optional.empty(),
                        List::of,
                        ids -> Map.of(PRINCIPAL.organisationId(), "Acme"),
                        time)),
                () -> "# figures\n",
                time,
                new Ulid(time, new Random(1)),
                threads,
                setup.inProcess,
                setup.mounts));
  }

  static TestGateway start() {
    return new Setup().start();
  }

  /** Limits that do not wait long for a client that is gone. */
  static GatewayLimits limits(GatewayLimits.Requests requests, GatewayLimits.Streams streams) {
    return new GatewayLimits(requests, streams, GatewayLimits.Connections.DEFAULTS, BRIEF);
  }

  /** A body for one user message. */
  static String body(String more) {
    return """
    {"model":"%s","max_tokens":100,"messages":[{"role":"user","content":"hi"}]%s}"""
        .formatted(MODEL, more);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
        .header("x-api-key", KEY)
        .header("anthropic-version", "2023-06-01");
  }

  HttpRequest.Builder post(String path, String body) {
    return request(path)
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      HttpRequest built = request.build();
      return described(built, client.send(built, BodyHandlers.ofString(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Whatever any test is answered in JSON must be what is published. */
  private static HttpResponse<String> described(
      HttpRequest request, HttpResponse<String> response) {
    String type = response.headers().firstValue("content-type").orElse("");
    DescribedApi api = DescribedApi.published();
    if (type.startsWith("application/json") || type.equals("application/x-jsonl")) {
      api.operation(request.method(), request.uri().getPath())
          .ifPresent(
              operation ->
                  response
                      .body()
                      .lines()
                      .forEach(
                          json ->
                              assertThat(
                                      api.problems(
                                          operation, response.statusCode(), Events.json(json)))
                                  .isEmpty()));
    }
    return response;
  }

  /** A response that is still to be written; completes when its head is there. */
  CompletableFuture<HttpResponse<InputStream>> open(HttpRequest.Builder request) {
    return client.sendAsync(request.build(), BodyHandlers.ofInputStream());
  }

  @Override
  public void close() {
    gateway.close();
    client.shutdownNow();
    threads.shutdownNow();
  }

  private record AllowAll() implements OutputGate.Check {
    @Override
    public GateDecision next(String text) {
      return GateDecision.ALLOW;
    }

    @Override
    public GateDecision end() {
      return GateDecision.ALLOW;
    }

    @Override
    public int undecidedChars() {
      return 0;
    }
  }
}
