package io.parley.training.eval;

import io.parley.common.ErrorCode;
import io.parley.ports.model.Generation;
import io.parley.ports.model.GenerationEvent;
import io.parley.ports.model.GenerationListener;
import io.parley.ports.model.GenerationRequest;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.ModelPool;
import io.parley.ports.model.Prompt;
import io.parley.ports.model.StopReason;
import io.parley.ports.model.Usage;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Answers by a function of the prompt, on a thread of its own, in two pieces. It answers nothing
 * before {@code gathered} requests are waiting, so that a test sees how many are in flight.
 */
public final class FakePool implements ModelPool, AutoCloseable {
  /** The answer that stands for a fault of the model. */
  public static final String FAILS = "FAILS";

  private record Waiting(GenerationRequest request, GenerationListener listener) {}

  private static final Usage USAGE = new Usage(1, 1);

  private final Function<Prompt, String> answers;
  private final int gathered;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private final AtomicInteger most = new AtomicInteger();
  private boolean closed;

  public FakePool(int gathered, Function<Prompt, String> answers) {
    this.gathered = gathered;
    this.answers = answers;
  }

  public synchronized int mostInFlight() {
    return most.get();
  }

  public synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public List<ModelDescriptor> models() {
    return List.of(new ModelDescriptor("fake", "Fake", Instant.EPOCH, 512, false, false, false));
  }

  @Override
  public Optional<ModelDescriptor> find(String name) {
    return models().stream().filter(model -> model.id().equals(name)).findFirst();
  }

  @Override
  public int countTokens(String modelId, Prompt prompt) {
    return prompt.turns().size();
  }

  @Override
  public synchronized Generation generate(GenerationRequest request, GenerationListener listener) {
    waiting.add(new Waiting(request, listener));
    most.accumulateAndGet(waiting.size(), Math::max);
    if (waiting.size() >= gathered) {
      List<Waiting> batch = List.copyOf(waiting);
      waiting.clear();
      Thread.ofVirtual().start(() -> batch.forEach(this::answer));
    }
    return () -> {};
  }

  private void answer(Waiting one) {
    one.listener.on(new GenerationEvent.Started(1));
    String text = answers.apply(one.request.prompt());
    if (text.equals(FAILS)) {
      one.listener.on(new GenerationEvent.Failed(ErrorCode.API, "it broke", USAGE));
      return;
    }
    int half = text.length() / 2;
    one.listener.on(new GenerationEvent.Text(text.substring(0, half), 1));
    one.listener.on(new GenerationEvent.Text(text.substring(half), 2));
    one.listener.on(new GenerationEvent.Completed(StopReason.END_TURN, null, USAGE));
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
