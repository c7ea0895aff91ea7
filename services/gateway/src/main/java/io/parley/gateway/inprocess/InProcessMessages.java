package io.parley.gateway.inprocess;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.gateway.Principal;
import io.parley.gateway.Scope;
import io.parley.gateway.messages.CountTokensPipeline;
import io.parley.gateway.messages.MessagesPipeline;
import io.parley.gateway.messages.RequestHead;
import io.parley.gateway.observation.Observation;
import io.parley.gateway.observation.Timeline;
import io.parley.ports.data.Database;
import io.parley.ports.messages.AnswerListener;
import io.parley.ports.messages.AnswerRequest;
import io.parley.ports.messages.MessagesApi;
import io.parley.ports.messages.RunningAnswer;
import io.parley.ports.model.Share;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The {@link MessagesApi} of this process. It answers from {@link #attach} on. Thread-safe.
 *
 * <p>Its requests have no API key. Their accounts name the service in the place of one.
 */
public final class InProcessMessages implements MessagesApi {
  private static final double MILLI = 1_000.0;

  private static final String SHARE =
      "SELECT t.weight_milli, t.max_running FROM organisations o"
          + " JOIN tiers t ON t.id = o.tier_id WHERE o.id = :organisation";

  private final Database database;
  private final TimeSource time;
  private final Ulid ids;
  private final ExecutorService threads;
  private final String service;
  private final Set<InProcessCall> running = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Attached attached;

  /** The way that requests take, and who counts those under way. */
  private record Attached(
      MessagesPipeline pipeline,
      CountTokensPipeline counting,
      Observation observation,
      Runnable begun,
      Runnable finished) {}

  /**
   * Requests that are refused until {@link #attach}.
   *
   * @param threads runs what blocks, one thread for each answer that has something to do
   * @param service what the accounts call the sender of these requests
   */
  public InProcessMessages(
      Database database, TimeSource time, Ulid ids, ExecutorService threads, String service) {
    this.database = database;
    this.time = time;
    this.ids = ids;
    this.threads = threads;
    this.service = service;
  }

  /**
   * Has requests answered from now on. Called once, by the gateway.
   *
   * @param observation sees each request
   * @param begun is run when an answer begins, and {@code finished} when it is over, so that a
   *     server that stops can wait for it
   */
  public void attach(
      MessagesPipeline pipeline,
      CountTokensPipeline counting,
      Observation observation,
      Runnable begun,
      Runnable finished) {
    attached = new Attached(pipeline, counting, observation, begun, finished);
  }

  @Override
  public RunningAnswer start(AnswerRequest request, AnswerListener listener) {
    Attached way = way();
    Principal sender = sender(request);
    RequestHead head = new RequestHead("req_" + ids.next(), time.nanoTime(), null, null, null);
    Timeline timeline = timeline(way.observation, request.urgency(), head);
    InProcessCall call =
        new InProcessCall(request, head, timeline, listener, threads, over -> finished(over, way));
    running.add(call);
    way.begun.run();
    try {
      way.pipeline.serve(call, sender);
      return call;
    } catch (RuntimeException e) {
      call.neverBegan(e);
      throw e;
    }
  }

  private static Timeline timeline(
      Observation observation, AnswerRequest.Urgency urgency, RequestHead head) {
    return switch (urgency) {
      case INTERACTIVE ->
          observation.begin(head.requestId(), head.receivedNanos(), Optional.empty());
      case BACKGROUND -> observation.beginBatched(head.requestId());
    };
  }

  private void finished(InProcessCall call, Attached way) {
    if (running.remove(call)) {
      way.finished.run();
    }
  }

  @Override
  public int countTokens(byte[] body) {
    return way().counting.countPrompt(body);
  }

  /** Ends what is under way with an error, since the server stops. */
  public void abortAll() {
    running.forEach(InProcessCall::abort);
  }

  private Attached way() {
    Attached way = attached;
    if (way == null) {
      throw new ParleyException(ErrorCode.OVERLOADED, "The server is starting");
    }
    return way;
  }

  /** What the organisation's tier gives it, as it is now. */
  private Principal sender(AnswerRequest request) {
    Share share =
        database.read(
            handle ->
                handle
                    .createQuery(SHARE)
                    .bind("organisation", request.organisationId())
                    .map((row, context) -> share(row))
                    .findOne()
                    .orElseThrow(
                        () ->
                            new ParleyException(
                                ErrorCode.NOT_FOUND,
                                "there is no organisation " + request.organisationId())));
    return new Principal(
        request.organisationId(), request.workspaceId(), service, Set.of(Scope.MESSAGES), share);
  }

  private static Share share(ResultSet row) throws SQLException {
    int most = row.getInt("max_running");
    int running = row.wasNull() ? Integer.MAX_VALUE : most; // said of the column read last
    return new Share(row.getLong("weight_milli") / MILLI, running);
  }
}
