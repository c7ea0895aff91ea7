package io.parley.gateway.inprocess;

import io.parley.gateway.messages.Answer;
import io.parley.ports.model.GenerationEvent;
import io.parley.ports.model.GenerationListener;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that writes, for an answer that nobody reads over HTTP: tasks that run one after the
 * other and may block. What is asked of the answer before there is one is done when there is.
 * Thread-safe.
 */
public final class AnswerTasks {
  private static final Logger log = LoggerFactory.getLogger(AnswerTasks.class);

  private final String requestId;
  private final Runnable whenBroken;
  private final SerialTasks tasks;
  private final ConcurrentLinkedQueue<Consumer<Answer>> wishes = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Answer answer;

  /**
   * @param threads runs the tasks
   * @param whenBroken is run when a task throws, or there is no thread for it; the generation is
   *     cancelled afterwards, so that it is settled
   */
  public AnswerTasks(String requestId, Executor threads, Runnable whenBroken) {
    this.requestId = requestId;
    this.whenBroken = whenBroken;
    this.tasks = new SerialTasks(threads, this::broken);
  }

  private void broken(RuntimeException fault) {
    log.error("request {} broke", requestId, fault);
    whenBroken.run();
    Answer delivered = answer;
    if (delivered != null && !(fault instanceof RejectedExecutionException)) {
      delivered.abandon();
    }
  }

  /** Has a task run behind those that came before. */
  public void run(Runnable task) {
    tasks.run(task);
  }

  /**
   * The answer is there; called once.
   *
   * @param seen is told of each event of the generation before the answer is
   */
  public GenerationListener deliver(Answer delivered, Consumer<GenerationEvent> seen) {
    answer = delivered;
    grant();
    return event ->
        tasks.run(
            () -> {
              seen.accept(event);
              delivered.on(event);
            });
  }

  /** Has something done to the answer, as soon as there is one. */
  public void ask(Consumer<Answer> wish) {
    wishes.add(wish);
    grant();
  }

  private void grant() {
    Answer delivered = answer;
    if (delivered != null) {
      tasks.run(
          () -> {
            for (Consumer<Answer> wish = wishes.poll(); wish != null; wish = wishes.poll()) {
              wish.accept(delivered);
            }
          });
    }
  }
}
