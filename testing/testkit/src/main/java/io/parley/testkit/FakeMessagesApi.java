package io.parley.testkit;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.messages.AnswerEvent;
import io.parley.ports.messages.AnswerListener;
import io.parley.ports.messages.AnswerRequest;
import io.parley.ports.messages.MessagesApi;
import io.parley.ports.messages.RunningAnswer;
import io.parley.ports.model.Usage;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A {@link MessagesApi} whose answers a test writes: it takes each by {@link #take()}, or gives a
 * script that plays it. Requests in the background are refused, unless a test wants them.
 * Thread-safe.
 */
public final class FakeMessagesApi implements MessagesApi {
  private static final int PATIENCE_S = 20;

  private final BlockingQueue<Playing> started = new LinkedBlockingQueue<>();
  private final AtomicReference<@Nullable Consumer<Playing>> script = new AtomicReference<>();
  private final AtomicReference<@Nullable Consumer<Playing>> background = new AtomicReference<>();
  private final AtomicReference<@Nullable ParleyException> refusal = new AtomicReference<>();
  private final AtomicInteger era = new AtomicInteger();

  /** Plays every answer from now on by this script, on the thread that starts it. */
  public FakeMessagesApi script(Consumer<Playing> play) {
    script.set(play);
    return this;
  }

  /** Plays those in the background by this script. */
  public FakeMessagesApi background(Consumer<Playing> play) {
    background.set(play);
    return this;
  }

  /** Refuses every request from now on; null for none. */
  public void refuse(@Nullable ParleyException failure) {
    refusal.set(failure);
  }

  /** Whatever is being played is never heard of again, as if its process had been killed. */
  public void forgetAll() {
    era.incrementAndGet();
    started.clear();
  }

  /** The next answer that was started and not yet taken; waits for one. */
  public Playing take() {
    try {
      Playing next = started.poll(PATIENCE_S, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("no answer was started");
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for an answer", e);
    }
  }

  /** Answers that were started and not taken. */
  public int waiting() {
    return started.size();
  }

  @Override
  public RunningAnswer start(AnswerRequest request, AnswerListener listener) {
    ParleyException failure = refusal.get();
    if (failure != null) {
      throw failure;
    }
    boolean inBackground = request.urgency() == AnswerRequest.Urgency.BACKGROUND;
    Consumer<Playing> play = inBackground ? background.get() : script.get();
    if (inBackground && play == null) {
      throw new ParleyException(ErrorCode.OVERLOADED, "nothing is done in the background here");
    }
    Playing playing = new Playing(request, listener, era.get());
    if (play != null) {
      play.accept(playing);
    } else {
      started.add(playing);
    }
    return playing;
  }

  /** A word is a token. */
  @Override
  public int countTokens(byte[] body) {
    String request = new String(body, StandardCharsets.UTF_8);
    if (!request.contains("\"messages\":[{\"role\":\"user\"")) {
      throw ParleyException.invalid(
          "messages.0.content: the first message must be of role \"user\"");
    }
    return request.split("[\\s\",:{}\\[\\]]+", -1).length;
  }

  /** One answer; the thread that calls plays the model. One start, one end, nothing after it. */
  public final class Playing implements RunningAnswer {
    private final AnswerRequest request;
    private final AnswerListener listener;
    private final int bornIn;
    private int tokens;
    private boolean begun;
    private boolean ended;

    private Playing(AnswerRequest request, AnswerListener listener, int bornIn) {
      this.request = request;
      this.listener = listener;
      this.bornIn = bornIn;
    }

    public AnswerRequest request() {
      return request;
    }

    /** The body of the request. */
    public String body() {
      return new String(request.body(), StandardCharsets.UTF_8);
    }

    /** Writes text that is one token. */
    public synchronized Playing text(String text) {
      begin();
      tokens++;
      tell(new AnswerEvent.Text(text, usage()));
      return this;
    }

    /** Ends its turn. The prompt took ten tokens. */
    public synchronized void endTurn() {
      begin();
      end(new AnswerEvent.Completed("end_turn", null, usage()));
    }

    public synchronized void fail(ErrorCode code, String message) {
      end(new AnswerEvent.Failed(code, message, ParleyException.NO_RETRY, usage()));
    }

    @Override
    public synchronized void cancel() {
      end(new AnswerEvent.Cancelled(usage()));
    }

    public synchronized boolean isEnded() {
      return ended;
    }

    private void begin() {
      if (!begun) {
        begun = true;
        tell(new AnswerEvent.Started("msg_1", "fake"));
      }
    }

    private Usage usage() {
      return new Usage(10, tokens);
    }

    private void end(AnswerEvent.Ended event) {
      tell(event);
      ended = true;
    }

    private void tell(AnswerEvent event) {
      if (!ended && bornIn == era.get()) {
        listener.on(event);
      }
    }
  }
}
