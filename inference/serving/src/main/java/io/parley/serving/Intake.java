package io.parley.serving;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.util.ArrayList;
import java.util.List;

/**
 * The way of commands from any thread to the engine's thread, in order.
 *
 * <p>Bounded by places: a stream takes one when it is submitted, and the engine gives it back when
 * the stream runs or has ended, so those who wait here and those who wait in the engine are counted
 * together. A cancellation needs no place: a stream sends at most one, and only while it lives.
 */
final class Intake {
  /** What a caller wants of the engine. */
  sealed interface Command {
    Stream stream();

    record Submit(Stream stream) implements Command {}

    record Cancel(Stream stream) implements Command {}
  }

  private final int places;
  private List<Command> commands = new ArrayList<>();
  private int placesTaken;
  private boolean closed;

  Intake(int places) {
    this.places = places;
  }

  /**
   * Hands a stream over.
   *
   * @throws ParleyException OVERLOADED if all places are taken, or none are given any more
   */
  synchronized void submit(Stream stream) {
    if (closed) {
      throw new ParleyException(ErrorCode.OVERLOADED, "the model is shutting down");
    }
    if (placesTaken >= places) {
      throw new ParleyException(
          ErrorCode.OVERLOADED, "%d requests are waiting for this model already".formatted(places));
    }
    placesTaken++;
    add(new Command.Submit(stream));
  }

  synchronized void cancel(Stream stream) {
    add(new Command.Cancel(stream));
  }

  private void add(Command command) {
    commands.add(command);
    notifyAll();
  }

  /** Refuses all streams from now on, and wakes the engine's thread. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** All commands that came since the last call, in order, maybe none. */
  synchronized List<Command> take() {
    List<Command> taken = commands;
    commands = new ArrayList<>();
    return taken;
  }

  /** Parks the calling thread until there is a command or the intake is closed. */
  synchronized void await() throws InterruptedException {
    while (commands.isEmpty() && !closed) {
      wait();
    }
  }

  synchronized void giveBack(int count) {
    placesTaken -= count;
  }

  synchronized int placesTaken() {
    return placesTaken;
  }
}
